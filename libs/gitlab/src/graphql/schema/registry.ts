import { z } from 'zod';
import type { RegistryRepositoryRecord, RegistryTagRecord } from '../../records.js';
import { text, second } from '../../schema/parts.js';
import { gid, lowerOrNull } from './parts.js';

export const repositoryNode = z
  .object({ id: gid, name: text, path: z.string(), location: z.string(), status: lowerOrNull, createdAt: second })
  .transform((repository): RegistryRepositoryRecord => ({ ...repository, name: repository.name ?? '' }));

/** A BigInt is a text, because it may be greater than what JSON's readers take. */
const size = z
  .union([z.string().regex(/^\d+$/).transform(Number), z.number()])
  .nullish()
  .transform((value) => value ?? null);

/** A tag with what it points to, as REST tells it by one request for each. */
export const tagNode = z
  .object({
    name: z.string(),
    path: z.string(),
    location: z.string(),
    digest: text,
    revision: text,
    shortRevision: text,
    totalSize: size,
    createdAt: second,
    publishedAt: second,
  })
  .transform(({ totalSize, publishedAt, ...tag }): RegistryTagRecord & { readonly publishedAt: Date | null } => ({
    name: tag.name,
    path: tag.path,
    location: tag.location,
    publishedAt,
    // A registry that was slow to tell leaves the digest out; asked alone it may tell.
    ...(tag.digest === null ? {} : { detail: { ...tag, sizeBytes: totalSize } }),
  }));
