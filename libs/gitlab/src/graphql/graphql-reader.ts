import { z } from 'zod';
import type { GitLabClient } from '../client.js';
import type { BranchHead, RegistryRepositoryRecord, ReleaseRecord } from '../records.js';
import { createRestReader } from '../rest-reader.js';
import type { GitLabReader, ProjectReads } from '../stream-reader.js';
import { connectionOf, updatedAtOf } from './connection.js';
import { readWhole, walkChanges } from './lists.js';
import { Pulses } from './pulses.js';
import { Reading, type ReadingOptions } from './reading.js';
import { RegistryReader } from './registry.js';
import { mergeRequestNode } from './schema/merge-request.js';
import { pipelineNode } from './schema/pipeline.js';
import { repositoryNode } from './schema/registry.js';
import { releaseNode } from './schema/release.js';

/**
 * Reads GitLab's change streams by GraphQL, with details in the lists and many projects in one request, and by REST what
 * GraphQL has not got: commits, deployments, and whatever this instance cannot or will not answer at the moment.
 */
export function createGraphQlReader(client: GitLabClient, options: ReadingOptions): GitLabReader {
  const rest = createRestReader(client);
  const reading = new Reading(client, options);
  const pulses = new Pulses(reading);
  const doors = new Map<number, ProjectReads['doors']>();
  const registry = new RegistryReader(reading, (projectId, repositoryId) => rest.registryTags(projectId, repositoryId));
  return {
    ...rest,
    registryWatch: registry,
    announce(reads) {
      doors.clear();
      for (const { projectId, doors: ofProject } of reads) doors.set(projectId, ofProject);
      pulses.announce(reads);
    },
    async pipelinesMoved(projectId, after) {
      const connection = connectionOf((await pulses.slice('pipelines', projectId))?.value);
      if (connection === undefined) return undefined;
      if (connection.endCursor !== undefined) return true;
      return connection.nodes.some((node) => (updatedAtOf(node) ?? after) >= after);
    },
    mergeRequests(projectId, cursor, read = {}) {
      if (doors.get(projectId)?.includes('merge_requests') === true) return rest.mergeRequests(projectId, cursor, read);
      const what = `a merge request of project ${projectId}`;
      const spec = {
        name: 'mergeRequests',
        part: 'merge_requests',
        order: 'updated',
        kind: { schema: mergeRequestNode(projectId), key: 'iid', what },
        rest: (at: typeof cursor) => rest.mergeRequests(projectId, at, read),
      } as const;
      return walkChanges(reading, pulses, spec, projectId, cursor, read);
    },
    pipelines(projectId, cursor, read = {}) {
      if (doors.get(projectId)?.includes('pipelines') === true) return rest.pipelines(projectId, cursor, read);
      const spec = {
        name: 'pipelines',
        part: 'pipelines',
        order: 'newestFirst',
        kind: { schema: pipelineNode(projectId), key: 'id', what: `a pipeline of project ${projectId}` },
        rest: (at: typeof cursor) => rest.pipelines(projectId, at, read),
      } as const;
      return walkChanges(reading, pulses, spec, projectId, cursor, read);
    },
    releases(projectId, cursor) {
      const spec = {
        name: 'releases',
        part: 'releases',
        kind: { schema: releaseNode, key: 'tagName', what: `a release of project ${projectId}` },
        keyOf: ({ tag }: ReleaseRecord) => tag,
        rest: () => rest.releases(projectId),
      } as const;
      return readWhole(reading, pulses, spec, projectId, cursor);
    },
    registryRepositories(projectId, cursor) {
      const spec = {
        name: 'containerRepositories',
        part: 'registry',
        kind: { schema: repositoryNode, key: 'id', what: `a registry repository of project ${projectId}` },
        keyOf: ({ id }: RegistryRepositoryRecord) => String(id),
        rest: () => rest.registryRepositories(projectId),
      } as const;
      return readWhole(reading, pulses, spec, projectId, cursor);
    },
    registryTags: (projectId, repositoryId, cursor = {}, tagOptions = {}) =>
      registry.tags(projectId, repositoryId, cursor, tagOptions),
    async branchHeads(projectId, names) {
      const slice = await pulses.slice('branches', projectId);
      const heads = slice && headsOf(slice.value, slice.branches);
      if (slice !== undefined && heads === undefined) {
        reading.sayHidden(projectId, slice.isMissing ? undefined : 'branches');
      }
      if (heads === undefined || names.some((name) => !slice?.branches.includes(name))) {
        return rest.branchHeads(projectId, names);
      }
      return heads.filter(({ name }) => names.includes(name));
    },
  };
}

const headSchema = z.object({ lastCommit: z.object({ sha: z.string() }).nullish() }).nullish();

/** Undefined where the token may not see the repository. A branch that does not exist has no commit. */
function headsOf(repository: unknown, branches: readonly string[]): BranchHead[] | undefined {
  const parsed = z.record(z.string(), headSchema).safeParse(repository);
  if (!parsed.success) return undefined;
  return branches.flatMap((name, index) => {
    const sha = parsed.data[`b${index}`]?.lastCommit?.sha;
    return sha === undefined ? [] : [{ name, sha }];
  });
}
