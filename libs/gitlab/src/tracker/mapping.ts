import { createHash } from 'node:crypto';
import type { Issue, TrackerComment, TrackerMilestone, TrackerPlace, TrackerUser } from '@syncline/connector-sdk';
import type { UserRecord } from '../records.js';
import type { IssueBody, MilestoneBody, NoteBody } from './schema.js';

/** Deleted users have no account any more; GitLab shows their work as the ghost's. */
const GHOST: TrackerUser = { id: '0', username: 'ghost', name: 'Ghost User' };

/** The address people open, by the way GitLab names it in all versions. */
export function issueUrl(place: TrackerPlace, key: string): string {
  return `${place.baseUrl}/${place.path}/-/issues/${key}`;
}

export function mapIssue(body: IssueBody, place: TrackerPlace): Issue {
  const key = String(body.iid);
  const updatedAt = body.updated_at.toISOString();
  const fields = {
    title: body.title,
    description: body.description ?? '',
    state: body.state === 'closed' ? ('closed' as const) : ('opened' as const),
    labels: body.labels,
    assignees: body.assignees.map(({ username }) => username),
    milestone: body.milestone ? { key: String(body.milestone.id), title: body.milestone.title } : null,
    dueDate: body.due_date,
    confidential: body.confidential,
    weight: body.weight ?? null,
  };
  return {
    ...fields,
    key,
    url: isWebAddress(body.web_url) ? body.web_url : issueUrl(place, key),
    author: mapUser(body.author),
    createdAt: body.created_at.toISOString(),
    updatedAt,
    version: versionOf(updatedAt, [fields, body.user_notes_count, body.moved_to_id]),
    ...(typeof body.user_notes_count === 'number' ? { commentCount: body.user_notes_count } : {}),
    // The number is the issue's id in the whole instance, which leads nowhere; `locate` finds project and number.
    ...(typeof body.moved_to_id === 'number' ? { movedTo: {} } : {}),
  };
}

export function mapComment(body: NoteBody, place: TrackerPlace, issueKey: string): TrackerComment {
  return {
    id: String(body.id),
    url: `${issueUrl(place, issueKey)}#note_${body.id}`,
    body: body.body,
    author: mapUser(body.author),
    createdAt: body.created_at.toISOString(),
    updatedAt: body.updated_at.toISOString(),
    internal: body.internal ?? body.confidential ?? false,
  };
}

export function mapMilestone(body: MilestoneBody, place: TrackerPlace): TrackerMilestone {
  return {
    key: String(body.id),
    title: body.title,
    description: body.description ?? '',
    state: body.state === 'closed' ? 'closed' : 'active',
    startDate: body.start_date,
    dueDate: body.due_date,
    writable: String(body.project_id) === place.projectId,
  };
}

export function mapUser(user: UserRecord | null): TrackerUser {
  if (user === null || user.id === null) return GHOST;
  return { id: String(user.id), username: user.username, name: user.name ?? user.username };
}

/**
 * The time alone is not enough: it has milliseconds only, and renaming a label or a milestone or deleting a comment moves
 * it not at all, though the issue looks different then.
 */
function versionOf(updatedAt: string, content: unknown): string {
  return `${updatedAt} ${createHash('sha256').update(JSON.stringify(content)).digest('hex').slice(0, 16)}`;
}

function isWebAddress(url: string | null): url is string {
  return url !== null && /^https?:\/\//i.test(url) && URL.canParse(url);
}
