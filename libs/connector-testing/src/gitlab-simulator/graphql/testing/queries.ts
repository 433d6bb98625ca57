/** Queries as a reader of change events sends them. */

export const idleQuery = (more = ''): string => `
query Idle($ids: [ID!]!, $n: Int!, $since: Time!) {
  queryComplexity { score limit }
  projects(ids: $ids, first: $n) {
    nodes {
      id
      mergeRequests(updatedAfter: $since, sort: UPDATED_DESC, first: 1) { nodes { iid updatedAt } }
      pipelines(updatedAfter: $since, first: 1) { nodes { id updatedAt } }
      releases(sort: CREATED_DESC, first: 1) { nodes { tagName createdAt } }
      ${more}
    }
  }
}`;

export const mergeRequestQuery = (files = 'diffStats { path additions deletions }'): string => `
query MergeRequests($path: ID!, $since: Time, $after: String, $n: Int!) {
  queryComplexity { score limit }
  project(fullPath: $path) {
    id
    mergeRequests(updatedAfter: $since, sort: UPDATED_ASC, first: $n, after: $after) {
      pageInfo { hasNextPage endCursor }
      nodes { ...MrFields }
    }
  }
}
fragment MrFields on MergeRequest {
  id iid title description state draft createdAt updatedAt mergedAt closedAt
  sourceBranch targetBranch webUrl diffHeadSha mergeCommitSha
  author { id username name } mergeUser { id username name }
  assignees { nodes { id username } } reviewers { nodes { id username } }
  approvedBy { nodes { id username name } }
  labels { nodes { title } } milestone { title } userNotesCount
  diffStatsSummary { additions deletions fileCount }
  ${files}
  headPipeline { id status }
}`;

const pipelineFields = `
fragment PipelineFields on Pipeline {
  id iid status source ref sha name duration queuedDuration coverage failureReason
  createdAt updatedAt startedAt finishedAt path user { id username name }
  jobs(statuses: [FAILED], retried: false, first: 20) {
    nodes { id name status allowFailure failureMessage duration webPath stage { name } }
  }
}`;

export const pipelineQuery = `
query Pipelines($path: ID!, $since: Time, $after: String, $n: Int!) {
  queryComplexity { score limit }
  project(fullPath: $path) {
    id
    pipelines(updatedAfter: $since, first: $n, after: $after) {
      pageInfo { hasNextPage endCursor }
      nodes { ...PipelineFields }
    }
  }
}
${pipelineFields}`;

/** The pages of several projects by alias; with the score only where asked for. */
export const manyPipelinesQuery = (projects: number): string => `
query ManyPipelines($path: ID!, $n: Int!) {
  queryComplexity { score limit }
  ${Array.from(
    { length: projects },
    (_, index) => `p${index}: project(fullPath: $path) {
    id pipelines(first: $n) { pageInfo { hasNextPage endCursor } nodes { ...PipelineFields } }
  }`,
  ).join('\n')}
}
${pipelineFields}`;

/** Tags of repositories by alias. */
export const tagQuery = (repositories: number, sort = 'PUBLISHED_AT_DESC'): string => {
  const indexes = Array.from({ length: repositories }, (_, index) => index);
  const variables = indexes.map((index) => `$r${index}: ContainerRepositoryID!, $a${index}: String`).join(', ');
  const fields = indexes.map(
    (index) => `r${index}: containerRepository(id: $r${index}) {
    id name path lastPublishedAt
    tags(first: 20, sort: ${sort}, after: $a${index}) {
      pageInfo { hasNextPage endCursor }
      nodes { name digest totalSize createdAt publishedAt mediaType }
    }
  }`,
  );
  return `query Tags(${variables}) { queryComplexity { score limit } ${fields.join('\n')} }`;
};
