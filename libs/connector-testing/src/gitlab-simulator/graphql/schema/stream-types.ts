import { connectionTypes, pageArguments } from './connection-types.js';

/** SDL of pipelines, releases and the container registry. */
export const streamTypes = `
enum PipelineScopeEnum { BRANCHES FINISHED PENDING RUNNING TAGS }

enum PipelineStatusEnum {
  CANCELED CANCELING CREATED FAILED MANUAL PENDING PREPARING RUNNING SCHEDULED SKIPPED SUCCESS WAITING_FOR_CALLBACK
  WAITING_FOR_RESOURCE
}

enum CiJobStatus {
  CANCELED CANCELING CREATED FAILED MANUAL PENDING PREPARING RUNNING SCHEDULED SKIPPED SUCCESS WAITING_FOR_CALLBACK
  WAITING_FOR_RESOURCE
}

enum CiJobKind { BRIDGE BUILD }

type Pipeline {
  beforeSha: String @cost(gitaly: true)
  commit: Commit @cost(gitaly: true)
  committedAt: Time
  coverage: Float
  createdAt: Time!
  duration: Int
  failureReason: String
  finishedAt: Time
  id: ID!
  iid: String!
  jobs(
    jobKind: CiJobKind
    retried: Boolean
    statuses: [CiJobStatus!]
    ${pageArguments}
  ): CiJobConnection @cost(resolver: true)
  mergeRequest: MergeRequest
  name: String
  path: String
  project: Project
  queuedDuration: Duration
  ref: String
  sha: String
  source: String
  startedAt: Time
  status: PipelineStatusEnum!
  totalJobs: Int!
  updatedAt: Time!
  user: UserCore
}
${connectionTypes('Pipeline', { counted: true })}

type CiJob {
  allowFailure: Boolean!
  coverage: Float
  createdAt: Time!
  duration: Int
  failureMessage: String
  finishedAt: Time
  id: JobID
  kind: CiJobKind!
  name: String
  queuedDuration: Duration
  retried: Boolean
  stage: CiStage
  startedAt: Time
  status: CiJobStatus
  webPath: String
}
${connectionTypes('CiJob')}

type CiStage {
  name: String
}

enum ReleaseSort { CREATED_ASC CREATED_DESC RELEASED_AT_ASC RELEASED_AT_DESC }

type Release {
  assets: ReleaseAssets
  author: UserCore
  commit: Commit @cost(fixed: 10)
  createdAt: Time
  description: String
  id: ReleaseID!
  links: ReleaseLinks
  milestones(${pageArguments}): MilestoneConnection @cost(resolver: true)
  name: String
  releasedAt: Time
  tagName: String
  upcomingRelease: Boolean
}
${connectionTypes('Release', { counted: true })}

type ReleaseAssets {
  count: Int
  links(${pageArguments}): ReleaseAssetLinkConnection
}

type ReleaseAssetLink {
  directAssetUrl: String
  id: ID!
  linkType: ReleaseAssetLinkType
  name: String
  url: String
}
${connectionTypes('ReleaseAssetLink')}

enum ReleaseAssetLinkType { IMAGE OTHER PACKAGE RUNBOOK }

type ReleaseLinks {
  selfUrl: String
}

enum ContainerRepositorySort { CREATED_ASC CREATED_DESC NAME_ASC NAME_DESC UPDATED_ASC UPDATED_DESC }

enum ContainerRepositoryTagSort { NAME_ASC NAME_DESC PUBLISHED_AT_ASC PUBLISHED_AT_DESC }

enum ContainerRepositoryStatus { DELETE_FAILED DELETE_ONGOING DELETE_SCHEDULED }

type ContainerRepository {
  ${repositoryFields()}
}
${connectionTypes('ContainerRepository')}

type ContainerRepositoryDetails {
  ${repositoryFields()}
  lastPublishedAt: Time
  size: Float
  tags(
    name: String
    sort: ContainerRepositoryTagSort
    ${pageArguments}
  ): ContainerRepositoryTagConnection @cost(resolver: true, pageMax: 20)
}

type ContainerRepositoryTag {
  createdAt: Time
  digest: String
  location: String!
  mediaType: String
  name: String!
  path: String!
  publishedAt: Time
  revision: String
  shortRevision: String
  totalSize: BigInt
}
${connectionTypes('ContainerRepositoryTag')}
`;

function repositoryFields(): string {
  return `
  createdAt: Time!
  id: ID!
  location: String!
  name: String!
  path: String!
  project: Project!
  status: ContainerRepositoryStatus
  tagsCount: Int!
  updatedAt: Time!
`;
}
