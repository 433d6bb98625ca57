import type { Cursor } from './session.js';

/**
 * The fields of an issue that can be kept in step, by the names the API uses. A tracker that lacks one leaves it out of
 * its capabilities; the engine then neither compares nor writes it.
 */
export const issueFieldNames = [
  'title',
  'description',
  'state',
  'labels',
  'assignees',
  'milestone',
  'dueDate',
  'confidential',
  'weight',
] as const;

export type IssueFieldName = (typeof issueFieldNames)[number];

/** A person as the tracker shows them. `username` is what assignees and mentions name; unique at the tracker. */
export interface TrackerUser {
  readonly id: string;
  readonly username: string;
  /** The display name; the username where the tracker has none. */
  readonly name: string;
}

/** `key` stays when the milestone is renamed; the title is for people, and for the first match of two milestones. */
export interface MilestoneRef {
  readonly key: string;
  readonly title: string;
}

/** An issue's fields in the tracker's own words: its usernames, its label names, its milestones. */
export interface IssueFields {
  readonly title: string;
  /** The tracker's markup as it stands there; an empty string where there is none. */
  readonly description: string;
  readonly state: 'opened' | 'closed';
  /** Names, in any order. */
  readonly labels: readonly string[];
  /** Usernames, in any order. */
  readonly assignees: readonly string[];
  readonly milestone: MilestoneRef | null;
  /** `YYYY-MM-DD`. */
  readonly dueDate: string | null;
  /** Readable by fewer people than the tracker's other issues. */
  readonly confidential: boolean;
  readonly weight: number | null;
}

/** An issue as last read. */
export interface Issue extends IssueFields {
  /** Identifies the issue inside its project: the iid of a GitLab issue. */
  readonly key: string;
  /** The address people open. */
  readonly url: string;
  readonly author: TrackerUser;
  /** ISO 8601, UTC. */
  readonly createdAt: string;
  /** ISO 8601, UTC, by the remote's clock: its last change, comments included. */
  readonly updatedAt: string;
  /**
   * Changes whenever the issue or one of its comments does, and only then; compared for equality only. The remote's
   * own version or, where it has none, its `updatedAt`.
   */
  readonly version: string;
  /** Comments people wrote (no system comments); absent where the tracker does not say. */
  readonly commentCount?: number;
  /** Set on an issue that went to another project: what is left here is a stub, not a closed issue. */
  readonly movedTo?: IssueDestination;
}

/** Where a moved issue went, as far as the tracker says. */
export interface IssueDestination {
  readonly projectId?: string;
  readonly key?: string;
  readonly url?: string;
}

/** What a new issue starts with. A field the tracker does not offer is absent. */
export interface NewIssue extends Partial<Omit<IssueFields, 'milestone'>> {
  readonly title: string;
  readonly description: string;
  /** The key of a milestone of this tracker. */
  readonly milestone?: string | null;
}

/** A change to a set: others may add to it meanwhile. `value` is the whole set that should result, as far as we know. */
export interface SetChange {
  readonly add: readonly string[];
  readonly remove: readonly string[];
  readonly value: readonly string[];
}

/** What to change. An absent field stays as it is; `null`, an empty text and an empty set clear it. */
export interface IssuePatch {
  readonly title?: string;
  readonly description?: string;
  readonly state?: 'opened' | 'closed';
  readonly labels?: SetChange;
  readonly assignees?: SetChange;
  /** The key of a milestone of this tracker. */
  readonly milestone?: string | null;
  readonly dueDate?: string | null;
  readonly confidential?: boolean;
  readonly weight?: number | null;
}

/**
 * `stale`: somebody changed the issue since the version the caller had seen; nothing was written. `current` is the
 * issue as it is now: what the tracker really kept, which may differ from what was asked for.
 */
export interface UpdateResult {
  readonly stale: boolean;
  readonly current: Issue;
}

export interface IssuePage {
  readonly issues: readonly Issue[];
  /**
   * Where to go on once every issue of this page is dealt with: a later `changes` with it shows nothing older and
   * misses nothing newer. Absent: this page is no place to resume from.
   */
  readonly cursor?: Cursor;
}

export interface ChangesRequest {
  /** From the last stored cursor; absent: from the beginning. */
  readonly after?: Cursor;
  /** Read again from here, whatever the cursor says. */
  readonly since?: Date;
}

/** A comment people wrote. Comments that the tracker wrote about itself are never shown. */
export interface TrackerComment {
  readonly id: string;
  readonly url?: string;
  readonly body: string;
  readonly author: TrackerUser;
  /** ISO 8601, UTC. */
  readonly createdAt: string;
  /** ISO 8601, UTC. */
  readonly updatedAt: string;
  /** Readable by members only; always false where the tracker has no such thing. */
  readonly internal: boolean;
  /** The thread it belongs to; absent: it stands alone. Threads are copied flat, in order. */
  readonly threadId?: string;
}

export interface TrackerLabel {
  readonly name: string;
  /** `#rrggbb`. */
  readonly color: string;
  readonly description: string;
}

export interface TrackerMilestone extends MilestoneRef {
  readonly description: string;
  readonly state: 'active' | 'closed';
  /** `YYYY-MM-DD`. */
  readonly startDate: string | null;
  /** `YYYY-MM-DD`. */
  readonly dueDate: string | null;
  /** False for one that belongs to a group above the project: it is used, and never changed. */
  readonly writable: boolean;
}

export type NewMilestone = Omit<TrackerMilestone, 'key' | 'writable'>;

/** An attachment's content. */
export interface TrackerFile {
  readonly name: string;
  readonly bytes: Uint8Array;
  readonly contentType?: string;
}

/** A place in a tracker that holds issues: a project. Everything here is known without a request of its own. */
export interface TrackerPlace {
  readonly instanceId: string;
  /** The instance's address, without a trailing slash; with its path prefix where it has one. */
  readonly baseUrl: string;
  /** Stable over renames. */
  readonly projectId: string;
  /** The readable name in addresses and references, e.g. `group/project`; changes when the project is renamed. */
  readonly path: string;
}

/** What the tracker, and our account in it, can do. */
export interface TrackerCapabilities {
  /** Fields that can be written. Titles and descriptions always can. */
  readonly fields: readonly IssueFieldName[];
  readonly comments: boolean;
  /** Comments that only members read. Without it, internal comments are not copied here. */
  readonly internalComments: boolean;
  readonly editComments: boolean;
  readonly deleteComments: boolean;
  readonly uploads: boolean;
  readonly createLabels: boolean;
  readonly milestones: boolean;
  /** `create` takes `state: 'closed'`; otherwise a closed issue is created and then closed. */
  readonly createsClosed: boolean;
  /** In characters. */
  readonly maxTitleLength: number;
  readonly maxDescriptionLength: number;
  readonly maxCommentLength: number;
  /** In bytes. */
  readonly maxUploadSize: number;
  /**
   * Writing a comment also moves the issue's `updatedAt`, to the comment's own `updatedAt` or at most so much later.
   * It tells the trace of our own comment from news.
   */
  readonly commentTouchSlackMs: number;
}

/** What is known of an issue that a search by key did not find. */
export type Whereabouts =
  | { readonly kind: 'here'; readonly issue: Issue }
  /** Deleted: the project answers, its issues are on, our role would show it, and it is not there. */
  | { readonly kind: 'gone' }
  | { readonly kind: 'moved'; readonly to: IssueDestination }
  /** It cannot be told apart from one we may not see; `reason` is a sentence. */
  | { readonly kind: 'unknown'; readonly reason: string };

/**
 * One project of one issue tracker, for one sync run: plain data in the tracker's own words. It translates nothing,
 * keeps nothing between runs and decides nothing; a remote that limits or stumbles is waited for below this port.
 *
 * Errors are `ConnectorError`s. Of a **write** they say whether it can have happened: `transient` and `interrupted`
 * (no answer, or a 5xx) mean it may have; every other kind means that it did not. A write is never repeated inside.
 */
export interface Tracker {
  readonly place: TrackerPlace;
  /** May ask the remote; the same for the rest of the run. */
  capabilities(): Promise<TrackerCapabilities>;
  /** Our own account. What it wrote is recognised by its id. */
  me(): Promise<TrackerUser>;
  /** The user of exactly this username (in any case of letters), if there is one. Never a lookalike. */
  findUser(username: string): Promise<TrackerUser | undefined>;

  /**
   * Issues changed since, oldest change first; one that changes meanwhile may come again. Pages are read as the caller
   * asks for them. Without a cursor and `since`: every issue there is.
   */
  changes(request: ChangesRequest): AsyncIterable<IssuePage>;
  /** These issues, in few requests. One that is not found is absent; `locate` says why. */
  find(keys: readonly string[]): Promise<ReadonlyMap<string, Issue>>;
  /** Tells deleted from moved and from hidden. */
  locate(key: string): Promise<Whereabouts>;
  /** Issues our own account created at or after this time by the remote's clock: where a lost answer is looked for. */
  createdByMe(since: Date): AsyncIterable<readonly Issue[]>;
  /** The address of an issue of this place. Needs no request and no such issue. */
  issueUrl(key: string): string;

  create(issue: NewIssue): Promise<Issue>;
  /** `expected`: the version the change is based on. Without it (an issue only we know of) nothing is compared. */
  update(key: string, patch: IssuePatch, expected?: string): Promise<UpdateResult>;
  /** When these fields were last changed (ISO 8601, UTC), where the remote keeps that; used by the policy `newest`. */
  fieldTimes(key: string, fields: readonly IssueFieldName[]): Promise<Partial<Record<IssueFieldName, string>>>;

  /** All comments of an issue, oldest first. */
  comments(issueKey: string): Promise<readonly TrackerComment[]>;
  createComment(issueKey: string, comment: { body: string; internal: boolean }): Promise<TrackerComment>;
  /** Throws `permanent` with status 403 for a comment that is not ours to edit, and with 404 for one that is gone. */
  updateComment(issueKey: string, id: string, body: string): Promise<TrackerComment>;
  /** One that is gone already is no error. */
  deleteComment(issueKey: string, id: string): Promise<void>;

  /** The labels an issue of this place can have, inherited ones included. */
  labels(): Promise<readonly TrackerLabel[]>;
  /** One of this name that exists already is returned as it is. */
  createLabel(label: TrackerLabel): Promise<TrackerLabel>;
  /** The milestones an issue of this place can have, inherited ones included, in any state. */
  milestones(): Promise<readonly TrackerMilestone[]>;
  /** One of this title that exists already is returned as it is. */
  createMilestone(milestone: NewMilestone): Promise<TrackerMilestone>;
  updateMilestone(key: string, patch: Partial<NewMilestone>): Promise<TrackerMilestone>;

  /**
   * `reference`: how a text of this place names the file, e.g. `/uploads/<secret>/<name>`. Throws `permanent` with
   * status 404 or 413 for one that is gone or larger than `maxBytes`.
   */
  download(reference: string, maxBytes: number): Promise<TrackerFile>;
  /** Returns how a text of this place names the file from now on. */
  upload(file: TrackerFile): Promise<string>;
}
