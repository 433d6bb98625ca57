import {
  ConnectorError,
  issueFieldNames,
  type ChangesRequest,
  type Issue,
  type IssueFieldName,
  type IssueFields,
  type IssuePage,
  type IssuePatch,
  type NewIssue,
  type NewMilestone,
  type Tracker,
  type TrackerCapabilities,
  type TrackerComment,
  type TrackerFile,
  type TrackerLabel,
  type TrackerMilestone,
  type TrackerPlace,
  type TrackerUser,
  type UpdateResult,
  type Whereabouts,
} from '@syncline/connector-sdk';
import type { MemoryProject, StoredComment, StoredIssue } from './memory-project.js';

/** A moment at which a test may step in: before a request arrives, or after it took effect and before its answer does. */
export interface TrackerCall {
  readonly tracker: MemoryTracker;
  readonly name: keyof Tracker;
  readonly phase: 'before' | 'after';
  readonly isWrite: boolean;
  /** What it concerns, for rules such as "this one issue is refused". */
  readonly subject: string;
}

export interface MemoryTrackerOptions {
  /** The account requests are made by. */
  readonly account: string;
  readonly capabilities?: Partial<TrackerCapabilities>;
  /** Called at every moment; what it throws, the caller gets. */
  readonly seam?: (call: TrackerCall) => void | Promise<void>;
  readonly pageSize?: number;
  /** What a remote makes of an issue it is asked to keep, e.g. one assignee only. */
  readonly keep?: (fields: IssueFields) => IssueFields;
}

const can: TrackerCapabilities = {
  fields: issueFieldNames,
  comments: true,
  internalComments: true,
  editComments: true,
  deleteComments: true,
  uploads: true,
  createLabels: true,
  milestones: true,
  createsClosed: false,
  maxTitleLength: 255,
  maxDescriptionLength: 1_048_576,
  maxCommentLength: 1_000_000,
  maxUploadSize: 10_000_000,
  commentTouchSlackMs: 0,
};

/** A small real tracker: the whole port over one project's state, with a place to make every call fail. */
export class MemoryTracker implements Tracker {
  readonly place: TrackerPlace;
  /** Calls so far, by name. */
  readonly calls = new Map<string, number>();
  private readonly seam: NonNullable<MemoryTrackerOptions['seam']>;

  constructor(
    readonly project: MemoryProject,
    private readonly options: MemoryTrackerOptions,
  ) {
    this.place = project.place;
    this.seam = options.seam ?? (() => undefined);
  }

  /** Writes so far. */
  get writes(): number {
    const names = [
      'create',
      'update',
      'createComment',
      'updateComment',
      'deleteComment',
      'createLabel',
      'createMilestone',
      'updateMilestone',
      'upload',
    ];
    return names.reduce((sum, name) => sum + (this.calls.get(name) ?? 0), 0);
  }

  private async call<T>(name: keyof Tracker, subject: string, work: () => T, isWrite = false): Promise<T> {
    this.calls.set(name, (this.calls.get(name) ?? 0) + 1);
    await this.seam({ tracker: this, name, phase: 'before', isWrite, subject });
    const result = work();
    await this.seam({ tracker: this, name, phase: 'after', isWrite, subject });
    return result;
  }

  private show(stored: StoredIssue): Issue {
    const { sequence, ...issue } = stored;
    return { ...issue, version: `${sequence}`, commentCount: this.project.commentsOf(issue.key).length };
  }

  private showComment({ issueKey: _issueKey, ...comment }: StoredComment): TrackerComment {
    return comment;
  }

  private author(): TrackerUser {
    const me = this.project.users.find(({ username }) => username === this.options.account);
    if (me === undefined) throw new ConnectorError('auth', 'The token is not valid.');
    return me;
  }

  /** Lines that begin with a command are carried out and taken away, as trackers do. */
  private obey(text: string): string {
    const lines = text.replaceAll('\r', '').split('\n');
    let inCode = false;
    const kept = lines.filter((line) => {
      if (line.startsWith('```')) inCode = !inCode;
      const isCommand = !inCode && /^\/[a-z_]+/i.test(line);
      if (isCommand) this.project.effects.push({ kind: 'command', what: line, by: this.options.account });
      return !isCommand;
    });
    return kept.join('\n').trimEnd();
  }

  async capabilities(): Promise<TrackerCapabilities> {
    return { ...can, ...this.options.capabilities };
  }

  me(): Promise<TrackerUser> {
    return this.call('me', '', () => this.author());
  }

  findUser(username: string): Promise<TrackerUser | undefined> {
    return this.call('findUser', username, () =>
      this.project.users.find((user) => user.username.toLowerCase() === username.toLowerCase()),
    );
  }

  issueUrl(key: string): string {
    return this.project.url(key);
  }

  async *changes({ after, since }: ChangesRequest): AsyncIterable<IssuePage> {
    let last = typeof after?.sequence === 'number' ? after.sequence : 0;
    const size = this.options.pageSize ?? 20;
    for (;;) {
      const page = await this.call('changes', `${last}`, () =>
        [...this.project.issues.values()]
          .filter((issue) => issue.sequence > last && (since === undefined || issue.updatedAt >= since.toISOString()))
          .sort((one, other) => one.sequence - other.sequence)
          .slice(0, size)
          .map((issue) => ({ sequence: issue.sequence, issue: this.show(issue) })),
      );
      last = page.at(-1)?.sequence ?? last;
      yield { issues: page.map(({ issue }) => issue), cursor: { sequence: last } };
      if (page.length < size) return;
    }
  }

  find(keys: readonly string[]): Promise<ReadonlyMap<string, Issue>> {
    return this.call('find', keys.join(' '), () => {
      const found = keys.map((key) => this.project.issues.get(key)).filter((issue) => issue !== undefined);
      return new Map(found.map((issue) => [issue.key, this.show(issue)]));
    });
  }

  locate(key: string): Promise<Whereabouts> {
    return this.call('locate', key, (): Whereabouts => {
      const issue = this.project.issues.get(key);
      if (issue?.movedTo !== undefined) return { kind: 'moved', to: issue.movedTo };
      return issue === undefined ? { kind: 'gone' } : { kind: 'here', issue: this.show(issue) };
    });
  }

  async *createdByMe(since: Date): AsyncIterable<readonly Issue[]> {
    yield await this.call('createdByMe', since.toISOString(), () =>
      [...this.project.issues.values()]
        .filter((issue) => issue.author.username === this.options.account && issue.createdAt >= since.toISOString())
        .map((issue) => this.show(issue)),
    );
  }

  private milestone(key: string | null | undefined): IssueFields['milestone'] {
    const milestone = key === null || key === undefined ? undefined : this.project.milestones.get(key);
    return milestone === undefined ? null : { key: milestone.key, title: milestone.title };
  }

  private kept(fields: IssueFields): IssueFields {
    const known = fields.assignees.filter((name) => this.project.users.some(({ username }) => username === name));
    for (const label of fields.labels) if (!this.project.labels.has(label)) this.project.addLabel(label);
    const real = { ...fields, assignees: known, title: fields.title.trim() };
    return this.options.keep?.(real) ?? real;
  }

  create(issue: NewIssue): Promise<Issue> {
    const work = (): Issue => {
      if (issue.title.trim() === '') throw new ConnectorError('permanent', 'The title is missing.', { status: 400 });
      const fields = this.kept({
        state: 'opened',
        labels: [],
        assignees: [],
        dueDate: null,
        confidential: false,
        weight: null,
        ...issue,
        description: this.obey(issue.description),
        milestone: this.milestone(issue.milestone),
      });
      const created = this.project.addIssue(this.author().username, { ...fields, state: 'opened' });
      return this.show(created);
    };
    return this.call('create', issue.title, work, true);
  }

  update(key: string, patch: IssuePatch, expected?: string): Promise<UpdateResult> {
    const work = (): UpdateResult => {
      const issue = this.project.issues.get(key);
      if (issue === undefined) throw new ConnectorError('permanent', '404 Not found', { status: 404 });
      if (expected !== undefined && `${issue.sequence}` !== expected) return { stale: true, current: this.show(issue) };
      const { labels, assignees, milestone, description, ...rest } = patch;
      const set = (now: readonly string[], change: IssuePatch['labels']): readonly string[] =>
        change === undefined
          ? now
          : [...new Set([...now.filter((name) => !change.remove.includes(name)), ...change.add])].sort();
      const fields = this.kept({
        ...issue,
        ...rest,
        labels: set(issue.labels, labels),
        assignees: set(issue.assignees, assignees),
        milestone: milestone === undefined ? issue.milestone : this.milestone(milestone),
        description: description === undefined ? issue.description : this.obey(description),
      });
      return { stale: false, current: this.show(this.project.editIssue(key, fields, this.options.account)) };
    };
    return this.call('update', key, work, true);
  }

  fieldTimes(key: string, fields: readonly IssueFieldName[]): Promise<Partial<Record<IssueFieldName, string>>> {
    return this.call('fieldTimes', key, () => {
      const at = this.project.issues.get(key)?.updatedAt;
      return at === undefined ? {} : Object.fromEntries(fields.map((field) => [field, at]));
    });
  }

  comments(issueKey: string): Promise<readonly TrackerComment[]> {
    return this.call('comments', issueKey, () =>
      this.project.commentsOf(issueKey).map((comment) => this.showComment(comment)),
    );
  }

  createComment(issueKey: string, { body, internal }: { body: string; internal: boolean }): Promise<TrackerComment> {
    const work = (): TrackerComment => {
      if (!this.project.issues.has(issueKey)) throw new ConnectorError('permanent', '404 Not found', { status: 404 });
      return this.showComment(this.project.addComment(this.author().username, issueKey, this.obey(body), internal));
    };
    return this.call('createComment', issueKey, work, true);
  }

  private ownComment(id: string): StoredComment {
    const comment = this.project.comments.get(id);
    if (comment === undefined) throw new ConnectorError('permanent', '404 Not found', { status: 404 });
    if (comment.author.username !== this.options.account) {
      throw new ConnectorError('permanent', '403 Forbidden', { status: 403 });
    }
    return comment;
  }

  updateComment(issueKey: string, id: string, body: string): Promise<TrackerComment> {
    const work = (): TrackerComment => {
      this.ownComment(id);
      return this.showComment(this.project.editComment(id, this.obey(body)));
    };
    return this.call('updateComment', `${issueKey}#${id}`, work, true);
  }

  deleteComment(issueKey: string, id: string): Promise<void> {
    return this.call('deleteComment', `${issueKey}#${id}`, () => this.project.deleteComment(id), true);
  }

  labels(): Promise<readonly TrackerLabel[]> {
    return this.call('labels', '', () => [...this.project.labels.values()]);
  }

  createLabel(label: TrackerLabel): Promise<TrackerLabel> {
    const work = (): TrackerLabel =>
      this.project.labels.get(label.name) ?? this.project.addLabel(label.name, label.color, label.description);
    return this.call('createLabel', label.name, work, true);
  }

  milestones(): Promise<readonly TrackerMilestone[]> {
    return this.call('milestones', '', () => [...this.project.milestones.values()]);
  }

  createMilestone(milestone: NewMilestone): Promise<TrackerMilestone> {
    const work = (): TrackerMilestone =>
      [...this.project.milestones.values()].find(({ title }) => title === milestone.title) ??
      this.project.addMilestone(milestone.title, milestone);
    return this.call('createMilestone', milestone.title, work, true);
  }

  updateMilestone(key: string, patch: Partial<NewMilestone>): Promise<TrackerMilestone> {
    const work = (): TrackerMilestone => {
      const milestone = this.project.milestones.get(key);
      if (milestone === undefined) throw new ConnectorError('permanent', '404 Not found', { status: 404 });
      const updated = { ...milestone, ...patch };
      this.project.milestones.set(key, updated);
      return updated;
    };
    return this.call('updateMilestone', key, work, true);
  }

  download(reference: string, maxBytes: number): Promise<TrackerFile> {
    return this.call('download', reference, () => {
      const file = this.project.files.get(reference);
      if (file === undefined) throw new ConnectorError('permanent', '404 Not found', { status: 404 });
      if (file.bytes.length > maxBytes)
        throw new ConnectorError('permanent', 'The file is too large.', { status: 413 });
      return file;
    });
  }

  upload(file: TrackerFile): Promise<string> {
    return this.call('upload', file.name, () => this.project.addFile(file), true);
  }
}
