import type { User } from '../../model/people.js';
import type { Project } from '../../model/project.js';
import type { ActedBy } from '../../world/git.js';
import type { FieldChanges, IssueAction } from '../../world/world-event.js';
import type { Issue, IssueState } from '../model/issue.js';
import { allReferences, textReferences, titleReferences, type TextReferences } from '../text/references.js';
import { followReferences } from './cross-references.js';
import { issueChanges } from './issue-changes.js';
import { edited, newIssueFields, permitted, type EditableFields } from './issue-editor.js';
import { DuplicatedIssue, type IssuePatch, type NewIssue, type UpdateOptions } from './issue-fields.js';
import { describeChanges } from './issue-history.js';
import { moveIssue } from './issue-move.js';
import type { QuickActions } from './quick-actions.js';
import { addResourceEvent, touchIssue, type TrackerContext } from './tracker-context.js';

/**
 * The issues of all projects. Whoever acts has the rights GitLab gives to him: what he may not set is dropped without a
 * word. Each change moves `updated_at`, writes notes and events, tells people and hooks as GitLab does.
 */
export class Issues {
  constructor(
    private readonly context: TrackerContext,
    private readonly quickActions: QuickActions,
  ) {}

  /** @throws InvalidRecord, SpamDetected, DuplicatedIssue */
  create(project: Project, options: NewIssue): Issue {
    const by = options.by ?? this.context.users.root;
    const { text, commands } = this.quickActions.scan(options.description ?? null);
    const run = this.quickActions.run(project, null, commands, by);
    const wanted = { ...options, ...run.patch, ...(text === null ? {} : { description: text }) };
    const fields = edited(
      this.context,
      project,
      newIssueFields,
      permitted(this.context, project, wanted, by, true),
      by,
    );
    const owner = this.context.rights.owns(project, by);
    const issue = this.insert(project, fields, by, owner ? { iid: options.iid, createdAt: options.createdAt } : {});
    this.follow(issue, { ...issue, ...newIssueFields }, by, issue.updatedAt);
    this.tell(issue, 'open', by, {});
    run.finish(issue);
    return issue;
  }

  /** @throws InvalidRecord, SpamDetected */
  update(issue: Issue, patch: IssuePatch, options: UpdateOptions = {}): void {
    const by = options.by ?? this.context.users.root;
    const { text, commands } = this.quickActions.scan(patch.description ?? null);
    const run = this.quickActions.run(issue.project, issue, commands, by);
    const { state, ...wanted } = { ...patch, ...run.patch, ...(text === null ? {} : { description: text }) };
    const fields = edited(
      this.context,
      issue.project,
      issue,
      permitted(this.context, issue.project, wanted, by, false),
      by,
    );
    const at = this.context.rights.owns(issue.project, by) ? options.updatedAt : undefined;
    if (state !== undefined) this.setState(issue, state, by, at);
    if (Object.keys(wanted).length > 0) this.apply(issue, fields, by, at);
    run.finish(issue);
  }

  close(issue: Issue, options: ActedBy = {}): void {
    this.update(issue, { state: 'closed' }, options);
  }

  reopen(issue: Issue, options: ActedBy = {}): void {
    this.update(issue, { state: 'opened' }, options);
  }

  label(issue: Issue, change: { add?: readonly string[]; remove?: readonly string[] }, options: ActedBy = {}): void {
    this.update(issue, { addLabels: change.add ?? [], removeLabels: change.remove ?? [] }, options);
  }

  /** Deleted issues vanish: no hook, no tombstone. */
  delete(issue: Issue): void {
    issue.project.issues.remove(issue);
  }

  /** Makes a copy in the other project and closes this one. @throws MoveRefused */
  move(issue: Issue, target: Project, options: ActedBy = {}): Issue {
    const by = options.by ?? this.context.users.root;
    return moveIssue(this.context, issue, target, by, {
      insert: (fields, details) => this.insert(target, fields, issue.author, details),
      close: () => {
        this.setState(issue, 'closed', by);
      },
      tell: (moved, action, changes) => {
        this.tell(moved, action, by, changes);
      },
    });
  }

  /** Takes a milestone away, and off every issue that had it: that moves their `updated_at`. */
  deleteMilestone(milestone: NonNullable<Issue['milestone']>, options: ActedBy = {}): void {
    for (const project of this.context.projects.byId.values()) {
      for (const issue of project.issues.byIid.values()) {
        if (issue.milestone === milestone) this.update(issue, { milestone: null }, options);
      }
    }
    milestone.owner.milestones.delete(milestone.id);
  }

  private insert(
    project: Project,
    fields: EditableFields,
    author: User,
    details: { iid?: number | undefined; createdAt?: number | undefined },
  ): Issue {
    const { core } = this.context;
    if (details.iid !== undefined && project.issues.byIid.has(details.iid)) throw new DuplicatedIssue();
    const at = core.clock.stamp();
    const issue: Issue = {
      id: core.nextId('issue'),
      iid: details.iid === undefined ? project.nextIid('issue') : project.takeIid('issue', details.iid),
      project,
      ...fields,
      state: 'opened',
      createdAt: details.createdAt ?? at,
      updatedAt: at,
      updatedBy: null,
      lastEditedAt: null,
      lastEditedBy: null,
      closedAt: null,
      closedBy: null,
      author,
      movedTo: null,
      duplicatedTo: null,
      notes: [],
      events: [],
      subscribers: new Set(),
    };
    project.issues.add(issue);
    return issue;
  }

  /** A change that changes nothing still tells the hooks; it moves `updated_at` where somebody else changed last. */
  private apply(issue: Issue, fields: EditableFields, by: User, wantedAt?: number): void {
    const before: Issue = { ...issue };
    const changed = Object.entries(fields).some(([name, value]) => Reflect.get(issue, name) !== value);
    if (changed || issue.updatedBy !== by) {
      const at = this.context.core.clock.stamp();
      const shownAt = wantedAt ?? at;
      touchIssue(issue, shownAt, () => {
        const described = fields.description !== issue.description;
        Object.assign(issue, fields, { updatedBy: by }, described ? { lastEditedAt: at, lastEditedBy: by } : {});
      });
      this.follow(issue, before, by, shownAt);
    }
    this.tell(issue, 'update', by, issueChanges(before, issue));
  }

  private setState(issue: Issue, state: IssueState, by: User, wantedAt?: number): void {
    if (issue.state === state) return;
    const before: Issue = { ...issue };
    const closed = state === 'closed';
    const at = wantedAt ?? this.context.core.clock.stamp();
    touchIssue(issue, at, () => {
      Object.assign(issue, { state, updatedBy: by, closedAt: closed ? at : null, closedBy: closed ? by : null });
    });
    addResourceEvent(this.context, issue, by, at, { kind: 'state', state: closed ? 'closed' : 'reopened' });
    this.context.notifications.participants(issue, null, closed ? 'closed' : 'reopened', by);
    this.tell(issue, closed ? 'close' : 'reopen', by, issueChanges(before, issue));
  }

  /** Notes, events, mails and references that follow from a change. */
  private follow(issue: Issue, before: Issue, by: User, at: number): void {
    describeChanges(this.context, issue, before, by, at);
    const { notifications } = this.context;
    for (const user of issue.assignees) {
      if (!before.assignees.includes(user)) notifications.assigned(issue, user, by);
    }
    if (issue.description === before.description && issue.title === before.title) return;
    const references = referencesOf(issue);
    notifications.mentions(issue, null, references, referencesOf(before), by);
    followReferences(this.context, issue, references, by);
  }

  private tell(issue: Issue, action: IssueAction, user: User, changes: FieldChanges): void {
    const { core } = this.context;
    const words = { open: 'opened', close: 'closed', reopen: 'reopened', update: undefined } as const;
    const word = words[action];
    if (word !== undefined) {
      const target = { targetType: 'Issue', targetId: issue.id, targetIid: issue.iid, targetTitle: issue.title };
      core.recordActivity(issue.project, user, word, target);
    }
    core.publish({ kind: 'issue', project: issue.project, user, action, issue, changes });
  }
}

function referencesOf({ title, description }: Issue): TextReferences {
  return allReferences(titleReferences(title), textReferences(description ?? ''));
}
