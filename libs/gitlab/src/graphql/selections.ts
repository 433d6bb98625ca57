/**
 * What is asked about each kind of object: exactly what an event is made of, and nothing an edition may lack. Costs by
 * GitLab's rule (app/graphql/types/base_field.rb) are noted where they are not 1 a field.
 */
export const mergeRequestFields = `
fragment MergeRequestFields on MergeRequest {
  id iid title description state draft createdAt updatedAt mergedAt closedAt
  sourceBranch targetBranch webUrl diffHeadSha mergeCommitSha detailedMergeStatus userNotesCount upvotes downvotes
  author { id username name }
  mergeUser { id username name }
  assignees { nodes { id username name } }
  reviewers { nodes { id username name } }
  approvedBy { nodes { id username name } }
  labels { nodes { title } }
  milestone { title }
  diffStats { path }
  diffStatsSummary { fileCount }
}`;

/** Failed jobs a pipeline brings along; one that has more is asked for by itself. */
export const failedJobsAtOnce = 20;

export const pipelineFields = `
fragment PipelineFields on Pipeline {
  id iid status source ref sha duration queuedDuration coverage createdAt updatedAt startedAt finishedAt
  user { id username name }
  mergeRequest { sourceBranch }
  jobs(statuses: [FAILED], retried: false, jobKind: BUILD, first: ${failedJobsAtOnce}) {
    pageInfo { hasNextPage }
    nodes { id name allowFailure failureMessage startedAt finishedAt stage { name } }
  }
}`;

/** The commit costs 10: its type may need the repository. */
export const releaseFields = `
fragment ReleaseFields on Release {
  tagName name description createdAt releasedAt upcomingRelease
  author { id username name }
  commit { sha }
  links { selfUrl }
  assets { links { nodes { name url linkType } } }
  milestones { nodes { title } }
}`;

export const repositoryFields = `
fragment RepositoryFields on ContainerRepository { id name path location status createdAt }`;

export const tagFields = `
fragment TagFields on ContainerRepositoryTag {
  name path location digest revision shortRevision totalSize createdAt publishedAt
}`;
