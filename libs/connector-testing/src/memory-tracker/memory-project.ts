import type {
  Issue,
  IssueDestination,
  IssueFields,
  TrackerComment,
  TrackerFile,
  TrackerLabel,
  TrackerMilestone,
  TrackerPlace,
  TrackerUser,
} from '@syncline/connector-sdk';

/** Time that moves by a millisecond whenever somebody looks, so that no two changes are at one time. */
export class StepClock {
  constructor(private ms = Date.UTC(2026, 0, 5, 9)) {}

  now(): Date {
    this.ms += 1;
    return new Date(this.ms);
  }

  pass(ms: number): void {
    this.ms += ms;
  }
}

/** A comment as it is kept. */
export interface StoredComment extends TrackerComment {
  readonly issueKey: string;
}

/** An issue as it is kept. */
export interface StoredIssue extends Omit<Issue, 'commentCount' | 'version'> {
  /** Grows with every change in the project. */
  readonly sequence: number;
}

/** What a remote did because of a text, which a copied text must never make it do. */
export interface Effect {
  readonly kind: 'command' | 'mention';
  readonly what: string;
  readonly by: string;
}

export interface MemoryProjectOptions {
  readonly place: TrackerPlace;
  readonly clock: StepClock;
  /** Usernames; each is also a display name. */
  readonly users: readonly string[];
}

/** The state of one project, and what people do in it. Rules of writing through the API are in `MemoryTracker`. */
export class MemoryProject {
  readonly place: TrackerPlace;
  readonly clock: StepClock;
  readonly users: TrackerUser[];
  readonly issues = new Map<string, StoredIssue>();
  readonly comments = new Map<string, StoredComment>();
  readonly labels = new Map<string, TrackerLabel>();
  readonly milestones = new Map<string, TrackerMilestone>();
  readonly files = new Map<string, TrackerFile>();
  readonly deleted = new Set<string>();
  readonly effects: Effect[] = [];
  private sequence = 0;
  private ids = 0;

  constructor({ place, clock, users }: MemoryProjectOptions) {
    this.place = place;
    this.clock = clock;
    this.users = users.map((username, at) => ({ id: `${at + 1}`, username, name: username }));
  }

  private user(username: string): TrackerUser {
    const found = this.users.find((user) => user.username === username);
    if (found === undefined) throw new Error(`${username} is nobody in ${this.place.path}`);
    return found;
  }

  private nextId(): number {
    this.ids += 1;
    return this.ids;
  }

  url(key: string): string {
    return `${this.place.baseUrl}/${this.place.path}/-/issues/${key}`;
  }

  addIssue(author: string, fields: Partial<IssueFields> & { title: string }): StoredIssue {
    const key = `${this.issues.size + this.deleted.size + 1}`;
    const now = this.clock.now().toISOString();
    const blank = { description: '', labels: [], assignees: [], milestone: null, dueDate: null, weight: null };
    const issue: StoredIssue = {
      ...blank,
      state: 'opened',
      confidential: false,
      ...fields,
      key,
      url: this.url(key),
      author: this.user(author),
      createdAt: now,
      updatedAt: now,
      sequence: (this.sequence += 1),
    };
    this.issues.set(key, issue);
    this.noticeMentions(author, asText(issue.title));
    this.noticeMentions(author, issue.description);
    return issue;
  }

  editIssue(key: string, fields: Partial<IssueFields & { movedTo: IssueDestination }>, by = 'somebody'): StoredIssue {
    const issue = this.issues.get(key);
    if (issue === undefined) throw new Error(`there is no issue ${key} in ${this.place.path}`);
    const edited = { ...issue, ...fields };
    this.issues.set(key, edited);
    if (fields.title !== undefined) this.noticeMentions(by, asText(fields.title), asText(issue.title));
    if (fields.description !== undefined) this.noticeMentions(by, fields.description, issue.description);
    return this.touch(key, this.clock.now().toISOString());
  }

  private touch(key: string, at: string): StoredIssue {
    const issue = this.issues.get(key);
    if (issue === undefined) throw new Error(`there is no issue ${key} in ${this.place.path}`);
    const touched = { ...issue, updatedAt: at, sequence: (this.sequence += 1) };
    this.issues.set(key, touched);
    return touched;
  }

  deleteIssue(key: string): void {
    this.issues.delete(key);
    this.deleted.add(key);
    for (const [id, comment] of this.comments) if (comment.issueKey === key) this.comments.delete(id);
  }

  addComment(author: string, issueKey: string, body: string, internal = false): StoredComment {
    const id = `${this.nextId()}`;
    const now = this.clock.now().toISOString();
    const comment: StoredComment = {
      id,
      issueKey,
      url: `${this.url(issueKey)}#note_${id}`,
      body,
      author: this.user(author),
      createdAt: now,
      updatedAt: now,
      internal,
    };
    this.comments.set(id, comment);
    this.touch(issueKey, now);
    this.noticeMentions(author, body);
    return comment;
  }

  editComment(id: string, body: string): StoredComment {
    const comment = this.comments.get(id);
    if (comment === undefined) throw new Error(`there is no comment ${id}`);
    const updatedAt = this.clock.now().toISOString();
    const edited = { ...comment, body, updatedAt };
    this.comments.set(id, edited);
    this.touch(comment.issueKey, updatedAt);
    return edited;
  }

  /** As in GitLab, the issue does not show that a comment went. */
  deleteComment(id: string): void {
    this.comments.delete(id);
  }

  addLabel(name: string, color = '#428bca', description = ''): TrackerLabel {
    const label = { name, color, description };
    this.labels.set(name, label);
    return label;
  }

  addMilestone(title: string, fields: Partial<TrackerMilestone> = {}): TrackerMilestone {
    const key = `${this.nextId()}`;
    const blank = { description: '', state: 'active', startDate: null, dueDate: null, writable: true } as const;
    const milestone = { ...blank, ...fields, key, title };
    this.milestones.set(key, milestone);
    return milestone;
  }

  addFile(file: TrackerFile): string {
    const reference = `/uploads/${this.nextId().toString(16).padStart(32, '0')}/${file.name}`;
    this.files.set(reference, file);
    return reference;
  }

  commentsOf(issueKey: string): StoredComment[] {
    return [...this.comments.values()].filter((comment) => comment.issueKey === issueKey);
  }

  /** A crude reading of mentions outside code, so that it misses none; those that were there before are not told again. */
  private noticeMentions(by: string, text: string, before = ''): void {
    const mentions = (body: string): string[] =>
      [...body.replace(/`[^`]*`/g, '').matchAll(/(?<!\w)@([A-Za-z0-9_][\w-]*)/g)].map(([, name = '']) => name);
    for (const name of mentions(text)) {
      const isKnown = this.users.some(({ username }) => username === name) && !mentions(before).includes(name);
      if (isKnown) this.effects.push({ kind: 'mention', what: name, by });
    }
  }
}

/** A title is no Markdown: backticks hide nothing in it. */
function asText(title: string): string {
  return title.replaceAll('`', ' ');
}
