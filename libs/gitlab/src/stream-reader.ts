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

/** A pass over a list that has to be read whole; a run reads it in one go. */
export type ListCursor = {
  /** Absent: there is no further page. */
  readonly page?: number;
  /** The next page, by its token. */
  readonly after?: string;
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

/** What a run is about to read of one project. */
export interface ProjectReads {
  readonly projectId: number;
  /** Where the walk will begin; only one whose last pass is complete can be shared. Absent: it is not read. */
  readonly mergeRequests?: WalkCursor;
  readonly pipelines?: WalkCursor;
  readonly releases?: boolean;
  readonly branches?: readonly string[];
  readonly registryRepositories?: boolean;
  /** To be read by REST this time, which alone says that a role does not suffice; others show an empty list. */
  readonly doors?: readonly ('merge_requests' | 'pipelines')[];
}

/** What many registry repositories tell at once; where a way of reading cannot ask so, it is not there. */
export interface RegistryWatch {
  /**
   * When a tag was last pushed to each; null: this registry does not tell. A repository that is gone is missing. Undefined:
   * this GitLab cannot be asked so, and the tags have to be read.
   */
  lastPublished(repositoryIds: readonly number[]): Promise<ReadonlyMap<number, Date | null> | undefined>;
  /** These repositories' tags are about to be read: `registryTags` then serves first pages from shared answers. */
  announceTags(repositoryIds: readonly number[]): void;
}

/** Tags come by name; with `publishedAfter`, where the way of reading can, the newest ones alone. */
export interface TagOptions {
  /** Inclusive. Only to be given where `lastPublished` told a time. */
  readonly publishedAfter?: Date;
}

/** A page of tags, and when the repository was last pushed to, where that came along. */
export interface TagPage extends Page<RegistryTagRecord, ListCursor> {
  readonly lastPublishedAt?: Date | null;
}

/**
 * How GitLab's changes are read. The port hides whether by REST or GraphQL: cursors hold times and commits, and page tokens
 * of one of them only as a hint that the other leaves alone. Both make the same records. Every stream may be stopped after any page and resumed from that page's cursor; repeats
 * happen and are harmless, losses do not happen. Projects are named by their numeric id: paths change, and proxies that
 * decode `%2F` break them. Throws `ConnectorError` for what concerns the whole stream.
 */
export interface GitLabReader {
  /** To be called before a run reads, so that many projects can be asked for in one request. Asks nothing itself. */
  announce(reads: readonly ProjectReads[]): void;
  /**
   * Did a pipeline of an announced project move at or after this time? Undefined: this way of reading does not know, so that
   * it has to be assumed.
   */
  pipelinesMoved(projectId: number, after: Date): Promise<boolean | undefined>;
  readonly registryWatch?: RegistryWatch;
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
  /**
   * All of them every time, newest first: GitLab does not say which changed. Of an announced project the first page holds the
   * newest ten or more.
   */
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
    options?: TagOptions,
  ): AsyncIterable<TagPage>;

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
