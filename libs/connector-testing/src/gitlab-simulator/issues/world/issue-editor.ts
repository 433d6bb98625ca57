import { accessLevels, type User } from '../../model/people.js';
import type { Project } from '../../model/project.js';
import type { Issue } from '../model/issue.js';
import { scopeOf, type Label } from '../model/label.js';
import { InvalidRecord } from './invalid-record.js';
import { descriptionLimit, SpamDetected, titleLimit, Unprocessable, type IssuePatch } from './issue-fields.js';
import { sortedLabels } from './labels.js';
import type { TrackerContext } from './tracker-context.js';

/** The fields of an issue that are set, not derived. */
export type EditableFields = Pick<
  Issue,
  | 'title'
  | 'description'
  | 'labels'
  | 'assignees'
  | 'milestone'
  | 'dueDate'
  | 'confidential'
  | 'discussionLocked'
  | 'issueType'
  | 'weight'
  | 'timeEstimate'
  | 'totalTimeSpent'
>;

export const newIssueFields: EditableFields = {
  title: '',
  description: null,
  labels: [],
  assignees: [],
  milestone: null,
  dueDate: null,
  confidential: false,
  discussionLocked: null,
  issueType: 'issue',
  weight: null,
  timeEstimate: 0,
  totalTimeSpent: 0,
};

/** What the user may set of what was asked for. `creating`: whoever makes an issue may make it confidential. */
export function permitted(
  context: TrackerContext,
  project: Project,
  patch: IssuePatch,
  by: User,
  creating: boolean,
): IssuePatch {
  const member = context.rights.level(project, by) >= accessLevels.guest;
  if (context.rights.plans(project, by) || (creating && member && context.settings.guestsPlanNewIssues)) return patch;
  const { title, description, state, issueType, confidential } = patch;
  return {
    ...(title === undefined ? {} : { title }),
    ...(description === undefined ? {} : { description }),
    ...(state === undefined ? {} : { state }),
    ...(issueType === undefined ? {} : { issueType }),
    ...(creating && confidential !== undefined ? { confidential } : {}),
  };
}

/** The fields after the change. @throws InvalidRecord, SpamDetected */
export function edited(
  context: TrackerContext,
  project: Project,
  current: EditableFields,
  patch: IssuePatch,
  by: User,
): EditableFields {
  const title = patch.title === undefined ? current.title : patch.title.trim();
  const description = patch.description === undefined ? current.description : patch.description;
  checkText(context, title, description);
  const confidential = patch.confidential ?? current.confidential;
  const paid = context.core.edition === 'ee';
  return {
    title,
    description,
    labels: labelsAfter(context, project, current.labels, patch, by),
    assignees: assigneesAfter(context, project, current.assignees, patch, confidential),
    milestone: patch.milestone === undefined ? current.milestone : patch.milestone,
    dueDate: patch.dueDate === undefined ? current.dueDate : patch.dueDate,
    confidential,
    discussionLocked: patch.discussionLocked === undefined ? current.discussionLocked : patch.discussionLocked,
    issueType: patch.issueType ?? current.issueType,
    weight: paid && patch.weight !== undefined ? patch.weight : current.weight,
    timeEstimate: patch.timeEstimate ?? current.timeEstimate,
    totalTimeSpent: patch.totalTimeSpent ?? current.totalTimeSpent,
  };
}

function checkText(context: TrackerContext, title: string, description: string | null): void {
  const tooLong = (limit: number): readonly string[] => [`is too long (maximum is ${limit} characters)`];
  const messages: Record<string, readonly string[]> = {};
  if (title === '') messages['title'] = ["can't be blank"];
  if (length(title) > titleLimit) messages['title'] = tooLong(titleLimit);
  if (length(description ?? '') > descriptionLimit) messages['description'] = tooLong(descriptionLimit);
  if (Object.keys(messages).length > 0) throw new InvalidRecord(messages);
  const text = `${title}\n${description ?? ''}`;
  if (context.settings.spam?.test(text) === true) throw new SpamDetected();
  if (context.settings.unprocessable?.test(text) === true) throw new Unprocessable();
}

/** Characters, not the halves that some of them are stored in. */
function length(text: string): number {
  return text.length - (text.match(/[\u{10000}-\u{10FFFF}]/gu)?.length ?? 0);
}

function labelsAfter(
  context: TrackerContext,
  project: Project,
  current: readonly Label[],
  patch: IssuePatch,
  by: User,
): readonly Label[] {
  if (patch.labels === undefined && patch.addLabels === undefined && patch.removeLabels === undefined) return current;
  const named = (names: readonly string[] | undefined): Label[] =>
    (names ?? []).flatMap((name) => labelNamed(context, project, name, by) ?? []);
  const removed = new Set(
    (patch.removeLabels ?? []).flatMap((name) => context.labels.find(project, name.trim()) ?? []),
  );
  const wanted = [...(patch.labels === undefined ? current : named(patch.labels)), ...named(patch.addLabels)];
  const kept = wanted.filter((label) => !removed.has(label));
  const after = sortedLabels(context.core.edition === 'ee' ? exclusive(kept) : kept);
  return after.length === current.length && after.every((label, at) => label === current[at]) ? current : after;
}

function labelNamed(context: TrackerContext, project: Project, name: string, by: User): Label | undefined {
  const trimmed = name.trim();
  const known = context.labels.find(project, trimmed);
  if (known !== undefined || trimmed === '' || !context.rights.plans(project, by)) return known;
  // A name that no label can have is left out without a word.
  return trimmed.length > 255 || trimmed.includes(',') ? undefined : context.labels.create(project, { name: trimmed });
}

/** Of the labels of one scope the last one stays; only the paid editions know scopes. */
function exclusive(labels: readonly Label[]): Label[] {
  return labels.filter((label, at) => {
    const scope = scopeOf(label.name);
    return scope === undefined || !labels.slice(at + 1).some((later) => scopeOf(later.name) === scope);
  });
}

function assigneesAfter(
  context: TrackerContext,
  project: Project,
  current: readonly User[],
  patch: IssuePatch,
  confidential: boolean,
): readonly User[] {
  if (patch.assignees === undefined) return current;
  const assignable = [...new Set(patch.assignees)].filter((user) =>
    context.rights.assignable(project, user, confidential),
  );
  const after = context.core.edition === 'ee' ? assignable : assignable.slice(0, 1);
  return after.length === current.length && after.every((user) => current.includes(user)) ? current : after;
}
