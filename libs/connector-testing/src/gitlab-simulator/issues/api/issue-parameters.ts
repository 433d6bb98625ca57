import type { Call } from '../../http/call.js';
import type { Parameters } from '../../http/parameters.js';
import { badParameter } from '../../http/reply.js';
import type { User } from '../../model/people.js';
import type { Project } from '../../model/project.js';
import type { Milestone } from '../model/milestone.js';
import type { IssuePatch } from '../world/issue-fields.js';

type Writable<T> = { -readonly [K in keyof T]: T[K] };

/** What the body of a request asks to set. */
export function issuePatch(call: Call, project: Project): IssuePatch {
  const { parameters } = call;
  const patch: Writable<IssuePatch> = {};
  const title = parameters.text('title');
  if (title !== undefined) patch.title = title ?? '';
  const description = parameters.text('description');
  if (description !== undefined) patch.description = description;
  const labels = nameList(parameters, 'labels');
  if (labels !== undefined) patch.labels = labels;
  const addLabels = nameList(parameters, 'add_labels');
  if (addLabels !== undefined) patch.addLabels = addLabels;
  const removeLabels = nameList(parameters, 'remove_labels');
  if (removeLabels !== undefined) patch.removeLabels = removeLabels;
  const assignees = assigneesOf(call);
  if (assignees !== undefined) patch.assignees = assignees;
  if (parameters.has('milestone_id')) patch.milestone = milestoneOf(call, project);
  const dueDate = parameters.text('due_date');
  if (dueDate !== undefined) patch.dueDate = validDate(dueDate);
  const confidential = parameters.boolean('confidential');
  if (confidential !== undefined) patch.confidential = confidential;
  const locked = parameters.boolean('discussion_locked');
  if (locked !== undefined) patch.discussionLocked = locked;
  const issueType = parameters.choice('issue_type', ['issue', 'incident', 'test_case', 'task']);
  if (issueType !== undefined) patch.issueType = issueType;
  if (call.site.edition === 'ee' && parameters.has('weight')) patch.weight = parameters.integer('weight') ?? null;
  const stateEvent = parameters.choice('state_event', ['close', 'reopen']);
  if (stateEvent !== undefined) patch.state = stateEvent === 'close' ? 'closed' : 'opened';
  return patch;
}

/** `a,b` or `["a","b"]`; undefined where absent, empty where cleared. */
export function nameList(parameters: Parameters, name: string): string[] | undefined {
  if (!parameters.has(name)) return undefined;
  const texts = parameters.list(name) ?? [parameters.string(name) ?? ''];
  return texts.flatMap((text) => text.split(',')).filter((text) => text.trim() !== '');
}

/** `0` and an empty list clear; ids nobody has are left out. A comma-separated text is no list. */
function assigneesOf(call: Call): User[] | undefined {
  const { parameters } = call;
  const single = parameters.has('assignee_id') ? [parameters.string('assignee_id') ?? '0'] : undefined;
  const several = parameters.has('assignee_ids')
    ? (parameters.list('assignee_ids') ?? [parameters.string('assignee_ids') ?? '0'])
    : undefined;
  const ids = several ?? single;
  if (ids?.some((id) => !/^\d*$/.test(id)) === true) throw badParameter('assignee_ids is invalid');
  return ids?.flatMap((id) => call.world.users.byId.get(Number(id)) ?? []);
}

/** By the instance-wide id, of the project or its groups. An unknown one counts as none, and so takes one away. */
function milestoneOf(call: Call, project: Project): Milestone | null {
  const id = call.parameters.integer('milestone_id');
  return id === undefined ? null : (call.world.milestones.find(project, id) ?? null);
}

/** What is no date counts as none. */
export function validDate(text: string | null): string | null {
  return text !== null && /^\d{4}-\d{2}-\d{2}$/.test(text) && !Number.isNaN(Date.parse(text)) ? text : null;
}
