import type { JsonObject } from '@syncline/connector-sdk';
import type { Query } from './asker.js';
import { globalId } from './global-id.js';
import { mergeRequestFields, pipelineFields, releaseFields, repositoryFields } from './selections.js';

/** Changed objects a project may have in a shared answer; one that has more goes on by itself. */
const changesAtOnce = 20;
/** No list tells when a release was edited, so the newest are compared at each poll. */
export const newestReleases = 10;
const repositoriesAtOnce = 20;

const pageInfo = 'pageInfo { hasNextPage endCursor }';

/**
 * What happened in these projects since a time: merge requests and pipelines with all their details. About 80 and 50 points
 * and half a percent more for each project: 50 projects stay below 200 of the 250 that GitLab allows.
 */
export function workQuery(
  projectIds: readonly number[],
  since: string,
  wants: { readonly mergeRequests: boolean; readonly pipelines: boolean },
): Query {
  const filter = `updatedAfter: $since, first: ${changesAtOnce}`;
  const mergeRequests = `mergeRequests(${filter}, sort: UPDATED_ASC) { ${pageInfo} nodes { ...MergeRequestFields } }`;
  const pipelines = `pipelines(${filter}) { ${pageInfo} nodes { ...PipelineFields } }`;
  return {
    operationName: 'SynclineWork',
    text: `query SynclineWork($ids: [ID!]!, $n: Int!, $since: Time!) {
  queryComplexity { score limit }
  projects(ids: $ids, first: $n) {
    nodes {
      id
      ${wants.mergeRequests ? mergeRequests : ''}
      ${wants.pipelines ? pipelines : ''}
    }
  }
}
${wants.mergeRequests ? mergeRequestFields : ''}
${wants.pipelines ? pipelineFields : ''}`,
    variables: { ...projectVariables(projectIds), since },
  };
}

/** What these projects show now: their newest releases, their images' repositories, and where branches stand. */
export function shippingQuery(
  projectIds: readonly number[],
  wants: { readonly releases: boolean; readonly repositories: boolean; readonly branches: readonly string[] },
): Query {
  const releases = `releases(sort: RELEASED_AT_DESC, first: ${newestReleases}) { ${pageInfo} nodes { ...ReleaseFields } }`;
  const repositories = `containerRepositories(sort: NAME_ASC, first: ${repositoriesAtOnce}) { ${pageInfo} nodes { ...RepositoryFields } }`;
  const { branches } = wants;
  const heads = branches.map((_, index) => `b${index}: tree(ref: $b${index}) { lastCommit { sha } }`);
  const declared = branches.map((_, index) => `, $b${index}: String`).join('');
  // A whole ref: a tag may have the name of the branch.
  const refs: JsonObject = Object.fromEntries(branches.map((name, index) => [`b${index}`, `refs/heads/${name}`]));
  return {
    operationName: 'SynclineShipping',
    text: `query SynclineShipping($ids: [ID!]!, $n: Int!${declared}) {
  queryComplexity { score limit }
  projects(ids: $ids, first: $n) {
    nodes {
      id
      ${wants.releases ? releases : ''}
      ${wants.repositories ? repositories : ''}
      ${heads.length > 0 ? `repository { ${heads.join(' ')} }` : ''}
    }
  }
}
${wants.releases ? releaseFields : ''}
${wants.repositories ? repositoryFields : ''}`,
    variables: { ...projectVariables(projectIds), ...refs },
  };
}

function projectVariables(projectIds: readonly number[]): JsonObject {
  return { ids: projectIds.map((id) => globalId('Project', id)), n: projectIds.length };
}
