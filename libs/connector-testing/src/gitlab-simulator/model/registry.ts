import type { Project } from './project.js';

export interface RegistryTag {
  readonly name: string;
  digest: string;
  /** The image's config digest, without the `sha256:`. */
  revision: string;
  /** Build time of the image, not its push; null for manifest lists. */
  createdAt: number | null;
  totalSize: number | null;
  /** When it was pushed last; only the registry's metadata database knows, and only GraphQL tells. */
  readonly publishedAt: number;
}

export interface RegistryRepository {
  readonly id: number;
  readonly project: Project;
  /** Empty for the root image. */
  readonly name: string;
  readonly createdAt: number;
  status: null | 'delete_scheduled' | 'delete_failed' | 'delete_ongoing';
  readonly tags: Map<string, RegistryTag>;
  /** When a tag was pushed last, also one that is gone. */
  lastPublishedAt: number | null;
}
