import type { User } from '../../model/people.js';
import type { Issue } from './issue.js';
import type { Note } from './note.js';

/**
 * Why somebody is told: named by `@name` (`mentioned`), by a group or `@all` (`group_mentioned`), given the issue
 * (`assigned`), or taking part in it (`commented`, `closed`, `reopened`).
 */
export type NotificationReason = 'mentioned' | 'group_mentioned' | 'assigned' | 'commented' | 'closed' | 'reopened';

/** An e-mail that GitLab would send; mentions and assignments are to-dos as well. */
export interface Notification {
  readonly at: number;
  readonly user: User;
  readonly by: User;
  readonly reason: NotificationReason;
  readonly issue: Issue;
  readonly note: Note | null;
}
