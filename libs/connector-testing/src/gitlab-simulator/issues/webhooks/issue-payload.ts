import type { Site } from '../../entities/site.js';
import type { User } from '../../model/people.js';
import {
  hookTime,
  hookTimeOrNull,
  projectPayload,
  repositoryPayload,
  userPayload,
} from '../../webhooks/payload-parts.js';
import type { FieldChanges, WorldEvent } from '../../world/world-event.js';
import { issueUrl, timeStats } from '../entities/issue.js';
import { issueStateIds, type Issue } from '../model/issue.js';
import type { Label } from '../model/label.js';
import { labelPayload } from './label-payload.js';

const typeNames = { issue: 'Issue', incident: 'Incident', task: 'Task', test_case: 'Test Case' } as const;
const times = new Set(['updated_at', 'closed_at', 'last_edited_at']);

export function issuePayload(site: Site, event: Extract<WorldEvent, { kind: 'issue' }>) {
  const { issue, project, user } = event;
  const [first] = issue.assignees;
  return {
    object_kind: issue.issueType === 'issue' ? 'issue' : 'work_item',
    event_type: issue.confidential ? 'confidential_issue' : 'issue',
    user: userPayload(user),
    project: projectPayload(site, project),
    object_attributes: { ...issueAttributes(site, issue), action: event.action },
    labels: issue.labels.map(labelPayload),
    changes: changePayload(event.changes),
    repository: repositoryPayload(site, project),
    ...(first === undefined ? {} : { assignees: issue.assignees.map(userPayload), assignee: userPayload(first) }),
  };
}

/** Images are written with their whole address here, unlike in the API. */
export function issueAttributes(site: Site, issue: Issue) {
  return {
    author_id: issue.author.id,
    closed_at: hookTimeOrNull(issue.closedAt),
    confidential: issue.confidential,
    created_at: hookTime(issue.createdAt),
    description: absoluteImages(site, issue),
    discussion_locked: issue.discussionLocked,
    due_date: issue.dueDate,
    id: issue.id,
    iid: issue.iid,
    last_edited_at: hookTimeOrNull(issue.lastEditedAt),
    last_edited_by_id: issue.lastEditedBy?.id ?? null,
    milestone_id: issue.milestone?.id ?? null,
    moved_to_id: issue.movedTo?.id ?? null,
    duplicated_to_id: issue.duplicatedTo?.id ?? null,
    project_id: issue.project.id,
    relative_position: null,
    state_id: issueStateIds[issue.state],
    title: issue.title,
    updated_at: hookTime(issue.updatedAt),
    updated_by_id: issue.updatedBy?.id ?? null,
    type: typeNames[issue.issueType],
    url: issueUrl(site, issue),
    ...timeStats(issue),
    time_change: 0,
    human_time_change: null,
    assignee_ids: issue.assignees.map(({ id }) => id),
    assignee_id: issue.assignees[0]?.id ?? null,
    labels: issue.labels.map(labelPayload),
    state: issue.state,
    severity: 'unknown',
    ...(site.edition === 'ee' ? { weight: issue.weight } : {}),
  };
}

function absoluteImages(site: Site, issue: Issue): string | null {
  const root = `${site.url}/-/project/${issue.project.id}/uploads/`;
  return issue.description?.replace(/(!\[[^\]]*\]\()\/uploads\//g, `$1${root}`) ?? null;
}

function changePayload(changes: FieldChanges) {
  const shown = (field: string, value: unknown): unknown => {
    if (times.has(field)) return typeof value === 'number' ? hookTime(value) : null;
    if (!Array.isArray(value)) return value;
    return field === 'labels' ? value.filter(isLabel).map(labelPayload) : value.filter(isUser).map(userPayload);
  };
  return Object.fromEntries(
    Object.entries(changes).map(([field, { previous, current }]) => [
      field,
      { previous: shown(field, previous), current: shown(field, current) },
    ]),
  );
}

function isLabel(value: unknown): value is Label {
  return typeof value === 'object' && value !== null && 'color' in value;
}

function isUser(value: unknown): value is User {
  return typeof value === 'object' && value !== null && 'username' in value;
}
