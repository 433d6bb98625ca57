import { connectionTypes } from './connection-types.js';
import { userType } from './root-types.js';

/** SDL of merge requests. Source of the costs: app/graphql/types/merge_request_type.rb */
export const mergeRequestTypes = `
enum UserState { active blocked }

enum MergeRequestState { all closed locked merged opened }

enum MergeRequestSort {
  CLOSED_AT_ASC CLOSED_AT_DESC CREATED_ASC CREATED_DESC MERGED_AT_ASC MERGED_AT_DESC TITLE_ASC TITLE_DESC
  UPDATED_ASC UPDATED_DESC
}

type MergeRequest {
  approved: Boolean! @cost(gitaly: true)
  approvedBy(after: String, before: String, first: Int, last: Int): UserCoreConnection
  assignees(after: String, before: String, first: Int, last: Int): MergeRequestAssigneeConnection @cost(fixed: 5)
  author: MergeRequestAuthor
  closedAt: Time @cost(fixed: 5)
  commitCount: Int
  conflicts: Boolean!
  createdAt: Time!
  description: String
  detailedMergeStatus: DetailedMergeStatus @cost(gitaly: true)
  diffHeadSha: String @cost(gitaly: true)
  diffRefs: DiffRefs
  diffStats(path: String): [DiffStats!] @cost(gitaly: true)
  diffStatsSummary: DiffStatsSummary @cost(gitaly: true)
  downvotes: Int! @cost(resolver: true)
  draft: Boolean!
  headPipeline: Pipeline
  id: ID!
  iid: String!
  labels(after: String, before: String, first: Int, last: Int): LabelConnection @cost(fixed: 5)
  mergeCommitSha: String
  mergeUser: UserCore
  mergedAt: Time @cost(fixed: 5)
  milestone: Milestone
  preparedAt: Time
  project: Project!
  projectId: Int!
  reviewers(after: String, before: String, first: Int, last: Int): MergeRequestReviewerConnection @cost(fixed: 5)
  sourceBranch: String!
  sourceProjectId: Int
  state: MergeRequestState!
  targetBranch: String!
  targetProject: Project!
  targetProjectId: Int!
  title: String!
  updatedAt: Time!
  upvotes: Int! @cost(resolver: true)
  userNotesCount: Int @cost(resolver: true)
  webUrl: String
}
${connectionTypes('MergeRequest', { counted: true })}

"""
An enum in GitLab; its words grow with the versions.
"""
scalar DetailedMergeStatus

type DiffRefs {
  baseSha: String
  headSha: String!
  startSha: String!
}

type DiffStats {
  additions: Int!
  deletions: Int!
  path: String!
}

type DiffStatsSummary {
  additions: Int!
  changes: Int!
  deletions: Int!
  fileCount: Int!
}

${userType('MergeRequestAuthor')}
${userType('MergeRequestAssignee')}
${connectionTypes('MergeRequestAssignee', { counted: true })}
${userType('MergeRequestReviewer', 'mergeRequestInteraction: UserMergeRequestInteraction')}
${connectionTypes('MergeRequestReviewer', { counted: true })}

type UserMergeRequestInteraction {
  approved: Boolean!
  reviewState: MergeRequestReviewState
  reviewed: Boolean!
}

enum MergeRequestReviewState { APPROVED REQUESTED_CHANGES REVIEWED REVIEW_STARTED UNAPPROVED UNREVIEWED }

type Label {
  color: String!
  id: ID!
  title: String!
}
${connectionTypes('Label', { counted: true })}

type Milestone {
  dueDate: Time
  id: ID!
  iid: ID!
  state: String!
  title: String!
}
${connectionTypes('Milestone')}
`;
