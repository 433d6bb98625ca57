import { z } from 'zod';
import type { RegistryRepositoryRecord, RegistryTagDetail, RegistryTagRecord } from '../records.js';
import { number, text, second } from './parts.js';

export const registryRepositorySchema = z
  .object({
    id: z.number(),
    name: text,
    path: z.string(),
    location: z.string(),
    created_at: second,
    status: text,
  })
  .transform((repository): RegistryRepositoryRecord => ({
    id: repository.id,
    name: repository.name ?? '',
    path: repository.path,
    location: repository.location,
    createdAt: repository.created_at,
    status: repository.status,
  }));

const tag = { name: z.string(), path: z.string(), location: z.string() };

export const registryTagSchema = z.object(tag).transform((value): RegistryTagRecord => value);

export const registryTagDetailSchema = z
  .object({ ...tag, digest: text, revision: text, short_revision: text, created_at: second, total_size: number })
  .transform((detail): RegistryTagDetail => ({
    name: detail.name,
    path: detail.path,
    location: detail.location,
    digest: detail.digest,
    revision: detail.revision,
    shortRevision: detail.short_revision,
    createdAt: detail.created_at,
    sizeBytes: detail.total_size,
  }));
