import type { User } from '../../model/people.js';
import type { ActedBy } from '../../world/git.js';
import type { Issue } from '../model/issue.js';
import type { Note } from '../model/note.js';
import { textReferences } from '../text/references.js';
import { followReferences } from './cross-references.js';
import { InvalidRecord } from './invalid-record.js';
import { noteLimit, SpamDetected, Unprocessable } from './issue-fields.js';
import type { Issues } from './issues.js';
import type { QuickActions, QuickActionRun } from './quick-actions.js';
import { touchIssue, type TrackerContext } from './tracker-context.js';

export interface NewNote extends ActedBy {
  readonly body: string;
  /** Without the right to read internal notes it becomes an ordinary one. */
  readonly internal?: boolean;
  /** For owners and administrators only. */
  readonly createdAt?: number;
  /** Begins a thread. */
  readonly thread?: boolean;
  /** The note to answer; one that stood alone becomes a thread. */
  readonly inReplyTo?: Note;
}

/** A text of nothing but commands leaves no note. */
export type NoteOutcome =
  { readonly note: Note; readonly run: QuickActionRun } | { readonly note: null; readonly run: QuickActionRun };

/** Comments of people. Writing and editing one moves the issue's `updated_at`; deleting one does not. */
export class Notes {
  constructor(
    private readonly context: TrackerContext,
    private readonly issues: Issues,
    private readonly quickActions: QuickActions,
  ) {}

  /** As `write`, for texts that are more than commands. */
  create(issue: Issue, options: NewNote): Note {
    const { note } = this.write(issue, options);
    if (note === null) throw new Error('nothing but quick actions: no note was made');
    return note;
  }

  /** @throws InvalidRecord */
  write(issue: Issue, options: NewNote): NoteOutcome {
    const { context } = this;
    const by = options.by ?? context.users.root;
    checkBody(context, options.body);
    const { text, commands } = this.quickActions.scan(options.body);
    const body = text ?? '';
    const run = this.quickActions.run(issue.project, issue, commands, by);
    const note = body === '' ? null : this.insert(issue, body, options, by);
    this.applyCommands(issue, run, by);
    return { note, run };
  }

  /** @throws InvalidRecord */
  update(note: Note, body: string, options: ActedBy = {}): NoteOutcome {
    const by = options.by ?? this.context.users.root;
    checkBody(this.context, body);
    const scanned = this.quickActions.scan(body);
    const text = scanned.text ?? '';
    const run = this.quickActions.run(note.issue.project, note.issue, scanned.commands, by);
    if (text === '') this.delete(note);
    else if (text !== note.body) this.rewrite(note, text, by);
    this.applyCommands(note.issue, run, by);
    return { note: text === '' ? null : note, run };
  }

  /** Vanishes without a hook, and without the issue showing it in `updated_at`. */
  delete(note: Note): void {
    const { issue } = note;
    issue.notes = issue.notes.filter((each) => each !== note);
    issue.json = undefined;
  }

  resolve(note: Note, resolved: boolean, options: ActedBy = {}): void {
    const at = this.context.core.clock.stamp();
    note.resolved = resolved ? { by: options.by ?? this.context.users.root, at } : null;
    note.updatedAt = at;
    touchIssue(note.issue, at);
  }

  private insert(issue: Issue, body: string, options: NewNote, by: User): Note {
    const { context } = this;
    const { inReplyTo } = options;
    const internal =
      inReplyTo?.internal ?? (options.internal === true && context.rights.readsInternal(issue.project, by));
    const at = context.core.clock.stamp();
    const owner = context.rights.owns(issue.project, by);
    const createdAt = owner && options.createdAt !== undefined ? options.createdAt : at;
    const note: Note = {
      id: context.core.nextId('note'),
      issue,
      discussionId: inReplyTo?.discussionId ?? context.core.random.sha(),
      type: inReplyTo !== undefined || options.thread === true ? 'DiscussionNote' : null,
      body,
      author: by,
      createdAt,
      updatedAt: createdAt,
      updatedBy: null,
      system: false,
      internal,
      mentionedBy: null,
      resolved: null,
    };
    if (inReplyTo?.type === null) inReplyTo.type = 'DiscussionNote';
    issue.notes.push(note);
    issue.subscribers.add(by);
    // After the note was stored, so a moment later.
    touchIssue(issue, context.core.clock.stamp());
    this.follow(note, '', by);
    this.context.notifications.participants(issue, note, 'commented', by);
    this.tell(note, 'create', by);
    return note;
  }

  private rewrite(note: Note, body: string, by: User): void {
    const before = note.body;
    const at = this.context.core.clock.stamp();
    note.body = body;
    note.updatedAt = at;
    note.updatedBy = by;
    touchIssue(note.issue, this.context.core.clock.stamp());
    this.follow(note, before, by);
    this.tell(note, 'update', by);
  }

  private applyCommands(issue: Issue, run: QuickActionRun, by: User): void {
    try {
      if (Object.keys(run.patch).length > 0) this.issues.update(issue, run.patch, { by });
    } catch (error) {
      // The note is written; a command that cannot be carried out is lost.
      const refused = [InvalidRecord, SpamDetected, Unprocessable].some((kind) => error instanceof kind);
      if (!refused) throw error;
    }
    run.finish(issue);
  }

  private follow(note: Note, before: string, by: User): void {
    const references = textReferences(note.body);
    this.context.notifications.mentions(note.issue, note, references, textReferences(before), by);
    followReferences(this.context, note.issue, references, by);
  }

  private tell(note: Note, action: 'create' | 'update', user: User): void {
    const { core } = this.context;
    const { issue } = note;
    if (action === 'create') {
      const target = { targetType: 'Note', targetId: note.id, targetIid: note.id, targetTitle: issue.title };
      core.recordActivity(issue.project, user, 'commented on', target);
    }
    core.publish({ kind: 'note', project: issue.project, user, action, note });
  }
}

function checkBody({ settings }: TrackerContext, body: string): void {
  if (settings.unprocessable?.test(body) === true) throw new Unprocessable();
  if (body.trim() === '') throw new InvalidRecord({ note: ["can't be blank"] });
  if (body.length > noteLimit) throw new InvalidRecord({ note: [`is too long (maximum is ${noteLimit} characters)`] });
}
