/**
 * Identities of change events. They hold numeric ids alone, because a project's path changes when it is renamed; poll,
 * webhook and backfill make the same ones.
 */
export const eventIds = {
  mergeRequest: (projectId: number, iid: number | string): string => `mr-${projectId}-${iid}`,
  pipeline: (projectId: number, id: number | string): string => `pipeline-${projectId}-${id}`,
  release: (projectId: number, tag: string): string => `release-${projectId}-${tag}`,
  commit: (projectId: number, sha: string): string => `commit-${projectId}-${sha}`,
  deployment: (projectId: number, id: number | string): string => `deployment-${projectId}-${id}`,
  /** A tag that is pushed again gets another digest and is another event. Repository ids are unique in an instance. */
  image: (repositoryId: number, tag: string, digest: string): string => `registry-${repositoryId}-${tag}-${digest}`,
} as const;
