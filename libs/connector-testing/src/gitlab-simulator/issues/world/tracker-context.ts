import type { User } from '../../model/people.js';
import type { Users } from '../../world/people.js';
import type { Projects } from '../../world/projects.js';
import type { WorldCore } from '../../world/world-core.js';
import type { Issue, ResourceEvent } from '../model/issue.js';
import type { Note } from '../model/note.js';
import type { IssueRights } from './issue-rights.js';
import type { Labels } from './labels.js';
import type { Milestones } from './milestones.js';
import type { Notifications } from './notifications.js';
import type { TrackerSettings } from './tracker-settings.js';
import type { Uploads } from './uploads.js';

/** What the parts of the issue tracker share. */
export interface TrackerContext {
  readonly core: WorldCore;
  readonly users: Users;
  readonly projects: Projects;
  readonly labels: Labels;
  readonly milestones: Milestones;
  readonly uploads: Uploads;
  readonly rights: IssueRights;
  readonly notifications: Notifications;
  readonly settings: TrackerSettings;
}

/** Changes an issue, gives it its place in the lists again and forgets its serialised form. */
export function touchIssue(issue: Issue, at: number, change: () => void = () => undefined): void {
  issue.project.issues.byUpdate.move(issue, () => {
    change();
    issue.updatedAt = at;
  });
  issue.json = undefined;
}

/** A sentence that GitLab writes into the activity of an issue. */
export function addSystemNote(
  context: TrackerContext,
  issue: Issue,
  by: User,
  body: string,
  details: { at?: number; mentionedBy?: Issue } = {},
): Note {
  const at = details.at ?? context.core.clock.stamp();
  const note: Note = {
    id: context.core.nextId('note'),
    issue,
    discussionId: context.core.random.sha(),
    type: null,
    body,
    author: by,
    createdAt: at,
    updatedAt: at,
    updatedBy: null,
    system: true,
    internal: false,
    mentionedBy: details.mentionedBy ?? null,
    resolved: null,
  };
  issue.notes.push(note);
  return note;
}

type EventDetails =
  | Pick<Extract<ResourceEvent, { kind: 'label' }>, 'kind' | 'label' | 'action'>
  | Pick<Extract<ResourceEvent, { kind: 'state' }>, 'kind' | 'state'>
  | Pick<Extract<ResourceEvent, { kind: 'weight' }>, 'kind' | 'weight'>
  | Pick<Extract<ResourceEvent, { kind: 'milestone' }>, 'kind' | 'milestone' | 'action'>;

/** Changes of labels, state and milestone are events of their own, not notes. */
export function addResourceEvent(
  context: TrackerContext,
  issue: Issue,
  user: User,
  createdAt: number,
  details: EventDetails,
): void {
  issue.events.push({ id: context.core.nextId('resource event'), user, createdAt, ...details });
}

/** How an issue is named where somebody reads in the other project: `#12`, `web#12` or `acme/web#12`. */
export function referenceFrom(issue: Issue, reader: Issue['project']): string {
  if (issue.project === reader) return `#${issue.iid}`;
  const sameNamespace = issue.project.owner === reader.owner;
  return `${sameNamespace ? issue.project.path : issue.project.fullPath}#${issue.iid}`;
}
