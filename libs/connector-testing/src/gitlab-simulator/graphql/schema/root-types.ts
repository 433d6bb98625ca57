import { connectionTypes, pageArguments } from './connection-types.js';

/** SDL of the entry points, of projects and of what belongs to no stream. */
export const rootTypes = `
"""
How a field counts in a query's score. \`fixed\` is a cost of its own, without a list factor. \`resolver\` marks fields with
a resolver class: their cost grows with the page size. \`dear\` names arguments that cost two points each.
"""
directive @cost(fixed: Int, gitaly: Boolean, resolver: Boolean, pageMax: Int, dear: [String!]) on FIELD_DEFINITION

scalar Time
scalar BigInt
scalar Duration
scalar UserID
scalar ReleaseID
scalar JobID
scalar ContainerRepositoryID

type Query {
  containerRepository(id: ContainerRepositoryID!): ContainerRepositoryDetails @cost(resolver: true)
  currentUser: CurrentUser
  metadata: Metadata @cost(resolver: true)
  project(fullPath: ID!): Project @cost(resolver: true)
  projects(
    fullPaths: [String!]
    ids: [ID!]
    membership: Boolean
    search: String
    sort: String
    ${pageArguments}
  ): ProjectConnection @cost(resolver: true)
  queryComplexity: QueryComplexity
}

type QueryComplexity {
  limit: Int
  score: Int
}

type Metadata {
  enterprise: Boolean!
  revision: String!
  version: String!
}

type PageInfo {
  endCursor: String
  hasNextPage: Boolean!
  hasPreviousPage: Boolean!
  startCursor: String
}

${userType('CurrentUser')}
${userType('UserCore')}
${connectionTypes('UserCore', { counted: true })}

type Project {
  archived: Boolean
  containerRepositories(
    name: String
    sort: ContainerRepositorySort = CREATED_DESC
    ${pageArguments}
  ): ContainerRepositoryConnection @cost(resolver: true)
  createdAt: Time
  description: String
  fullPath: ID!
  id: ID!
  lastActivityAt: Time
  mergeRequests(
    approvedBy: [String!]
    authorUsername: String
    createdAfter: Time
    createdBefore: Time
    draft: Boolean
    iids: [String!]
    labelName: [String]
    mergedAfter: Time
    mergedBefore: Time
    milestoneTitle: String
    reviewerUsername: String
    sort: MergeRequestSort = CREATED_DESC
    sourceBranches: [String!]
    state: MergeRequestState
    targetBranches: [String!]
    updatedAfter: Time
    updatedBefore: Time
    ${pageArguments}
  ): MergeRequestConnection @cost(resolver: true)
  name: String!
  path: String!
  pipelines(
    ref: String
    scope: PipelineScopeEnum
    sha: String
    source: String
    status: PipelineStatusEnum
    updatedAfter: Time
    updatedBefore: Time
    username: String
    ${pageArguments}
  ): PipelineConnection @cost(resolver: true, gitaly: true, dear: ["ref", "sha"])
  releases(sort: ReleaseSort = RELEASED_AT_DESC, ${pageArguments}): ReleaseConnection @cost(resolver: true)
  repository: Repository
  updatedAt: Time
  visibility: String
  webUrl: String
}
${connectionTypes('Project', { counted: true })}

type Repository {
  empty: Boolean! @cost(gitaly: true)
  exists: Boolean! @cost(gitaly: true)
  rootRef: String @cost(gitaly: true)
  tree(path: String = "", recursive: Boolean = false, ref: String): Tree @cost(resolver: true, gitaly: true)
}

type Tree {
  lastCommit: Commit @cost(resolver: true, gitaly: true)
}

type Commit {
  authorEmail: String
  authorName: String
  authoredDate: Time
  committedDate: Time
  committerEmail: String
  committerName: String
  description: String
  fullTitle: String
  id: ID!
  message: String
  sha: String!
  shortId: String!
  title: String @cost(gitaly: true)
  webUrl: String!
}
`;

/** GitLab has a type per role of a user, with the same fields. */
export function userType(name: string, more = ''): string {
  return `
type ${name} {
  bot: Boolean!
  id: ID!
  name: String!
  publicEmail: String
  state: UserState!
  username: String!
  webUrl: String!
  ${more}
}
`;
}
