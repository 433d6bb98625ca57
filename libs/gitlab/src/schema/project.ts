import { z } from 'zod';
import type { GroupRecord, ProjectRecord } from '../records.js';
import { isTrue, text, time } from './parts.js';

/** Full and `simple` items of project lists, and `GET /projects/:id`. */
export const projectSchema = z
  .object({
    id: z.number(),
    path_with_namespace: z.string(),
    name: z.string(),
    web_url: z.string(),
    default_branch: text,
    archived: isTrue,
    marked_for_deletion_on: text,
    marked_for_deletion_at: text,
    last_activity_at: time,
    merge_requests_access_level: text,
    builds_access_level: text,
    repository_access_level: text,
    releases_access_level: text,
    environments_access_level: text,
    container_registry_access_level: text,
  })
  .transform((project): ProjectRecord => ({
    id: project.id,
    path: project.path_with_namespace,
    name: project.name,
    url: project.web_url,
    defaultBranch: project.default_branch,
    archived: project.archived,
    markedForDeletion: project.marked_for_deletion_on !== null || project.marked_for_deletion_at !== null,
    lastActivityAt: project.last_activity_at,
    features: {
      mergeRequests: project.merge_requests_access_level,
      builds: project.builds_access_level,
      repository: project.repository_access_level,
      releases: project.releases_access_level,
      environments: project.environments_access_level,
      containerRegistry: project.container_registry_access_level,
    },
  }));

export const groupSchema = z
  .object({ id: z.number(), full_path: z.string(), name: z.string(), web_url: z.string() })
  .transform((group): GroupRecord => ({ id: group.id, path: group.full_path, name: group.name, url: group.web_url }));
