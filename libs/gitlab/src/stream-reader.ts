import type { ConnectorError } from '@syncline/connector-sdk';
import type {
  BranchHead,
  CommitRecord,
  DeploymentRecord,
  MergeRequestDetails,
  MergeRequestRecord,
  PipelineDetails,
  PipelineRecord,
  RegistryRepositoryRecord,
  RegistryTagDetail,
  RegistryTagRecord,
  ReleaseRecord,
} from './records.js';
import type { WalkCursor } from './updated-walk.js';

/** One item of a page. An unreadable one does not spoil the page: it is named and the rest goes on. */
export type PageItem<T> =
  | { readonly ok: true; readonly value: T }
  | {
      readonly ok: false;
      /** iid of a merge request, tag of a release, sha of a commit, name of a tag, otherwise the id; as in `items by id`. */
      readonly id: string;
      readonly error: ConnectorError;
    };

/** What was read at once, and where to go on once it is stored. Cursors are plain JSON (`type`s, so that they fit the contract's `Cursor`) and name no reader. */
export interface Page<T, TCursor> {
  readonly items: readonly PageItem<T>[];
  readonly cursor: TCursor;
}

export interface ReadOptions {
  /** Without a cursor: where to begin. Default: the beginning. */
  readonly since?: Date;
}

/** A pass over a list that has to be read whole. Absent page: the next read starts over. */
export type ListCursor = {
  readonly page?: number;
};

/** Where a branch was read up to, and what is being read now. Both ends are commits, so pages do not move. */
export type CommitCursor = {
  /** All commits reachable from here are known. */
  readonly head?: string;
  readonly pass?: { readonly to: string; readonly page: number };
};

export interface CommitRange {
  readonly branch: string;
  /** Where the branch is now, from `branchHeads`. */
  readonly head: string;
}

/**
 * How GitLab's changes are read. The port hides whether by REST or GraphQL: cursors hold times and commits, not page
 * tokens of one of them alone. Every stream may be stopped after any page and resumed from that page's cursor; repeats
 * happen and are harmless, losses do not happen. Projects are named by their numeric id: paths change, and proxies that
 * decode `%2F` break them. Throws `ConnectorError` for what concerns the whole stream.
 */
export interface GitLabReader {
  mergeRequests(
    projectId: number,
    cursor?: WalkCursor,
    options?: ReadOptions,
  ): AsyncIterable<Page<MergeRequestRecord, WalkCursor>>;
  /** Pipelines without `updatedAt` come in a pass without cursor and `since` only: change lists never show them. */
  pipelines(
    projectId: number,
    cursor?: WalkCursor,
    options?: ReadOptions,
  ): AsyncIterable<Page<PipelineRecord, WalkCursor>>;
  deployments(
    projectId: number,
    cursor?: WalkCursor,
    options?: ReadOptions,
  ): AsyncIterable<Page<DeploymentRecord, WalkCursor>>;
  /** All of them every time, newest first: GitLab does not say which changed. */
  releases(projectId: number, cursor?: ListCursor): AsyncIterable<Page<ReleaseRecord, ListCursor>>;
  /** Heads of those branches that exist; a deleted one, or an empty repository, is simply not in the answer. */
  branchHeads(projectId: number, names: readonly string[]): Promise<readonly BranchHead[]>;
  /** Newest first. Asks nothing where the cursor has the head already. `since` bounds the first read. */
  commits(
    projectId: number,
    range: CommitRange,
    cursor?: CommitCursor,
    options?: ReadOptions,
  ): AsyncIterable<Page<CommitRecord, CommitCursor>>;
  registryRepositories(
    projectId: number,
    cursor?: ListCursor,
  ): AsyncIterable<Page<RegistryRepositoryRecord, ListCursor>>;
  registryTags(
    projectId: number,
    repositoryId: number,
    cursor?: ListCursor,
  ): AsyncIterable<Page<RegistryTagRecord, ListCursor>>;

  /** Single reads. Undefined: it does not exist (any more), or is hidden from the token. */
  mergeRequest(projectId: number, iid: number): Promise<MergeRequestRecord | undefined>;
  pipeline(projectId: number, id: number): Promise<PipelineRecord | undefined>;
  deployment(projectId: number, id: number): Promise<DeploymentRecord | undefined>;
  release(projectId: number, tag: string): Promise<ReleaseRecord | undefined>;
  registryTagDetail(projectId: number, repositoryId: number, tag: string): Promise<RegistryTagDetail | undefined>;

  /** Extra requests per item: for what changed only. */
  mergeRequestDetails(projectId: number, iid: number): Promise<MergeRequestDetails>;
  pipelineDetails(projectId: number, id: number): Promise<PipelineDetails>;
}
