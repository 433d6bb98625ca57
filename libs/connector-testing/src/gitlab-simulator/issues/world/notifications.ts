import type { User } from '../../model/people.js';
import { groupPath } from '../../model/project.js';
import type { Users } from '../../world/people.js';
import type { Groups } from '../../world/projects.js';
import type { WorldCore } from '../../world/world-core.js';
import type { Issue } from '../model/issue.js';
import type { Note } from '../model/note.js';
import type { Notification, NotificationReason } from '../model/notification.js';
import type { TextReferences } from '../text/references.js';
import type { IssueRights } from './issue-rights.js';

/** Everything the instance would have mailed to anybody, oldest first. */
export class Notifications {
  readonly all: Notification[] = [];

  constructor(
    private readonly core: WorldCore,
    private readonly users: Users,
    private readonly groups: Groups,
    private readonly rights: IssueRights,
  ) {}

  /** Tells whom the texts name now and did not name before. */
  mentions(issue: Issue, note: Note | null, now: TextReferences, before: TextReferences, by: User): void {
    const known = new Set(before.names);
    for (const name of now.names) {
      if (!known.has(name)) this.mention(issue, note, name, by);
    }
  }

  /** Tells everybody who takes part, but the one who did it. */
  participants(issue: Issue, note: Note | null, reason: NotificationReason, by: User): void {
    for (const user of new Set([issue.author, ...issue.assignees, ...issue.subscribers])) {
      if (user !== by) this.tell(user, reason, issue, note, by);
    }
  }

  assigned(issue: Issue, user: User, by: User): void {
    if (user !== by) this.tell(user, 'assigned', issue, null, by);
  }

  private mention(issue: Issue, note: Note | null, name: string, by: User): void {
    const user = this.users.find(name);
    if (user !== undefined) {
      if (user !== by) this.tell(user, 'mentioned', issue, note, by);
      return;
    }
    for (const member of this.membersOf(issue, name)) {
      if (member !== by) this.tell(member, 'group_mentioned', issue, note, by);
    }
  }

  private membersOf(issue: Issue, name: string): User[] {
    const wanted = name.toLowerCase();
    const everybody = [...this.users.byId.values()];
    if (wanted === 'all') return everybody.filter((user) => !user.admin && this.rights.level(issue.project, user) > 0);
    const group = [...this.groups.byId.values()].find((each) => groupPath(each).toLowerCase() === wanted);
    return group === undefined ? [] : everybody.filter((user) => group.members.has(user.id));
  }

  private tell(user: User, reason: NotificationReason, issue: Issue, note: Note | null, by: User): void {
    const readable = note === null ? this.rights.reads(issue, user) : this.rights.readsNote(note, user);
    if (user.state !== 'active' || !readable || !this.rights.reads(issue, user)) return;
    this.all.push({ at: this.core.clock.read(), user, by, reason, issue, note });
  }
}
