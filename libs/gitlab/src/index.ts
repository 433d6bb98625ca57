export { type GitLabCheck, gitLabCheck, type GitLabCheckOptions } from './check.js';
export { createGitLabClient, type GitLabClient, type Paging } from './client.js';
export { errorText } from './error-text.js';
export { createGraphQlReader } from './graphql/graphql-reader.js';
export { GitLabMemories } from './graphql/memory.js';
export { parseItems, parseListPage, parseOne, PER_PAGE, type RawPage } from './page.js';
export { getGroup, getProject, groupProjects, memberProjects, searchGroups, searchProjects } from './projects.js';
export * from './records.js';
export { createRestReader } from './rest-reader.js';
export { type ErrorContext, statusError } from './status-errors.js';
export type {
  CommitCursor,
  CommitRange,
  GitLabReader,
  ListCursor,
  Page,
  PageItem,
  ProjectReads,
  ReadOptions,
  RegistryWatch,
  TagPage,
} from './stream-reader.js';
export { createGitLabTracker, type GitLabTrackerOptions } from './tracker/gitlab-tracker.js';
export { findUsers, projectMembers } from './tracker/people.js';
export { readTrackerProject, roleOf, roles, type TrackerProject } from './tracker/project.js';
export type { WalkCursor, WalkPosition } from './updated-walk.js';
export { parseWebhookBody, payloadObject, payloadText } from './webhook-body.js';
export { parseWebhookTime, verifyGitLabWebhook, webhookDedupKey, type WebhookSecrets } from './webhook.js';
