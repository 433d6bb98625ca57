import { ConnectorError } from '@syncline/connector-sdk';
import type { z } from 'zod';
import type { GitLabClient } from './client.js';
import { parseOne } from './page.js';
import { BranchHeads } from './rest-branches.js';
import { readCommits } from './rest-commits.js';
import { readMergeRequestDetails, readPipelineDetails } from './rest-details.js';
import { type ListKind, readWhole, walkUpdated } from './rest-lists.js';
import { deploymentSchema } from './schema/deployment.js';
import { mergeRequestSchema } from './schema/merge-request.js';
import { pipelineSchema } from './schema/pipeline.js';
import { registryRepositorySchema, registryTagDetailSchema, registryTagSchema } from './schema/registry.js';
import { releaseSchema } from './schema/release.js';
import type { GitLabReader } from './stream-reader.js';

/** Reads GitLab's change streams by REST, which every version and edition has. */
export function createRestReader(client: GitLabClient): GitLabReader {
  const branchHeads = new BranchHeads(client);
  return {
    // One request answers for one project here, so that there is nothing to prepare.
    announce: () => undefined,
    pipelinesMoved: () => Promise.resolve(undefined),
    mergeRequests(projectId, cursor, options = {}) {
      const kind = list(mergeRequestSchema, 'iid', `a merge request of project ${projectId}`);
      return walkUpdated(client, kind, cursor, options, (query) => client.mergeRequests.all({ projectId, ...query }));
    },
    pipelines(projectId, cursor, options = {}) {
      const kind = list(pipelineSchema, 'id', `a pipeline of project ${projectId}`);
      const walk = { ...options, mayBeUndated: true };
      return walkUpdated(client, kind, cursor, walk, (query) => client.pipelines.all(projectId, query));
    },
    deployments(projectId, cursor, options = {}) {
      const kind = list(deploymentSchema, 'id', `a deployment of project ${projectId}`);
      // GitLab refuses `updated_after` with another order than `updated_at`.
      return walkUpdated(client, kind, cursor, options, (query) => client.deployments.all(projectId, query));
    },
    releases(projectId, cursor) {
      const kind = list(releaseSchema, 'tag_name', `a release of project ${projectId}`);
      return readWhole(client, kind, cursor, (paging) => client.releases.all(projectId, paging));
    },
    branchHeads: (projectId, names) => branchHeads.read(projectId, names),
    commits: (projectId, range, cursor, options = {}) => readCommits(client, projectId, range, cursor, options),
    registryRepositories(projectId, cursor) {
      const kind = list(registryRepositorySchema, 'id', `a registry repository of project ${projectId}`);
      return readWhole(client, kind, cursor, (paging) =>
        client.containerRegistry.allRepositories({ projectId, ...paging }),
      );
    },
    registryTags(projectId, repositoryId, cursor) {
      const kind = list(registryTagSchema, 'name', `a tag of registry repository ${repositoryId}`);
      return readWhole(client, kind, cursor, (paging) =>
        client.containerRegistry.allTags(projectId, repositoryId, paging),
      );
    },

    mergeRequest: (projectId, iid) =>
      find(client.mergeRequests.show(projectId, iid), mergeRequestSchema, `merge request ${iid}`),
    pipeline: (projectId, id) => find(client.pipelines.show(projectId, id), pipelineSchema, `pipeline ${id}`),
    deployment: (projectId, id) => find(client.deployments.show(projectId, id), deploymentSchema, `deployment ${id}`),
    release: (projectId, tag) => find(client.releases.show(projectId, tag), releaseSchema, `release ${tag}`),
    registryTagDetail: (projectId, repositoryId, tag) =>
      find(
        client.containerRegistry.showTag(projectId, repositoryId, tag),
        registryTagDetailSchema,
        `registry tag ${tag}`,
      ),

    mergeRequestDetails: (projectId, iid) => readMergeRequestDetails(client, projectId, iid),
    pipelineDetails: (projectId, id) => readPipelineDetails(client, projectId, id),
  };
}

function list<T>(schema: z.ZodType<T>, key: string, what: string): ListKind<T> {
  return { schema, key, what };
}

async function find<T>(call: Promise<unknown>, schema: z.ZodType<T>, what: string): Promise<T | undefined> {
  try {
    return parseOne(await call, schema, what);
  } catch (error) {
    if (error instanceof ConnectorError && error.status === 404) return undefined;
    throw error;
  }
}
