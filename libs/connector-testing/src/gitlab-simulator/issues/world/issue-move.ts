import type { User } from '../../model/people.js';
import type { Project } from '../../model/project.js';
import type { FieldChanges, IssueAction } from '../../world/world-event.js';
import type { Issue } from '../model/issue.js';
import type { EditableFields } from './issue-editor.js';
import { issueChanges } from './issue-changes.js';
import { MoveRefused } from './issue-fields.js';
import { addSystemNote, referenceFrom, touchIssue, type TrackerContext } from './tracker-context.js';

export interface MoveSteps {
  insert(fields: EditableFields, details: { createdAt: number }): Issue;
  close(): void;
  tell(issue: Issue, action: IssueAction, changes: FieldChanges): void;
}

/**
 * The new issue has the same author, time, text and notes, the labels and the milestone that the target knows by name,
 * and copies of the attached files. The old one stays, closed, and points at the new one by its instance-wide id.
 * Source: app/services/issues/move_service.rb
 */
export function moveIssue(context: TrackerContext, issue: Issue, target: Project, by: User, steps: MoveSteps): Issue {
  const { rights, labels, milestones, uploads } = context;
  const source = issue.project;
  if (issue.movedTo !== null || !rights.plans(source, by) || !rights.plans(target, by))
    throw new MoveRefused('Cannot move issue due to insufficient permissions!');
  if (source === target) throw new MoveRefused('Cannot move issue to project it originates from!');
  const carried = (text: string): string => namedReferences(uploads.carry(text, source, target), source);
  const moved = steps.insert(
    {
      title: issue.title,
      description: issue.description === null ? null : carried(issue.description),
      labels: issue.labels.flatMap((label) => labels.find(target, label.name) ?? []),
      assignees: issue.assignees.filter((user) => rights.assignable(target, user, issue.confidential)),
      milestone: issue.milestone === null ? null : (milestones.findByTitle(target, issue.milestone.title) ?? null),
      dueDate: issue.dueDate,
      confidential: issue.confidential,
      discussionLocked: issue.discussionLocked,
      issueType: issue.issueType,
      weight: issue.weight,
      timeEstimate: issue.timeEstimate,
      totalTimeSpent: issue.totalTimeSpent,
    },
    { createdAt: issue.createdAt },
  );
  const threads = new Map<string, string>();
  for (const note of issue.notes) {
    const discussionId = threads.get(note.discussionId) ?? context.core.random.sha();
    threads.set(note.discussionId, discussionId);
    moved.notes.push({
      ...note,
      id: context.core.nextId('note'),
      issue: moved,
      discussionId,
      body: note.system ? note.body : carried(note.body),
    });
  }
  addSystemNote(context, moved, by, `moved from ${referenceFrom(issue, target)}`);
  addSystemNote(context, issue, by, `moved to ${referenceFrom(moved, source)}`);
  const before: Issue = { ...issue };
  steps.tell(moved, 'open', {});
  steps.close();
  touchIssue(issue, context.core.clock.stamp(), () => {
    issue.movedTo = moved;
  });
  steps.tell(issue, 'update', issueChanges({ ...before, updatedAt: issue.updatedAt }, issue));
  return moved;
}

/** `#12` means another issue elsewhere, so it gets the name of its project. */
function namedReferences(text: string, source: Project): string {
  return text.replace(/(?<![\w/#&\\])#(\d+)\b/g, `${source.fullPath}#$1`);
}
