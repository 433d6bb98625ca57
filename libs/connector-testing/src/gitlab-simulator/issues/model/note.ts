import type { User } from '../../model/people.js';
import type { Issue } from './issue.js';

/** A comment, or a sentence that GitLab itself wrote about a change. */
export interface Note {
  readonly id: number;
  readonly issue: Issue;
  /** 40 hex digits; every comment has one, replies share it. */
  readonly discussionId: string;
  /** `DiscussionNote` in threads. */
  type: 'DiscussionNote' | null;
  body: string;
  readonly author: User;
  readonly createdAt: number;
  updatedAt: number;
  updatedBy: User | null;
  readonly system: boolean;
  readonly internal: boolean;
  /** Who mentioned this issue; the note is invisible to those who may not see that one. */
  readonly mentionedBy: Issue | null;
  resolved: { readonly by: User; readonly at: number } | null;
}
