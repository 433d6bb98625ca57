export { BareRepository, type TagOptions, zeroSha } from './bare-repository.js';
export type { NewGitCommit } from './fast-import.js';
export type { GitFault, GitFaultKind, GitFaultOptions } from './git-faults.js';
export { type GitAccess, GitHttp, type GitHttpOptions, type GitRefusal } from './git-http.js';
export type { GitCredentials, GitRequest, GitService, LoggedGitRequest } from './git-request.js';
export type { RefDecision, RefUpdate } from './receive-pack.js';
