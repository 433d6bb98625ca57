import { accessLevels, type User } from '../../model/people.js';
import type { Project } from '../../model/project.js';
import type { Projects } from '../../world/projects.js';
import type { Issue } from '../model/issue.js';
import type { Note } from '../model/note.js';

/** Who may do what with issues. Source: app/policies/{issue,note,project}_policy.rb */
export class IssueRights {
  constructor(private readonly projects: Projects) {}

  level(project: Project, user: User): number {
    return this.projects.accessLevel(project, user);
  }

  /** Whether the feature is on and this user sees it. */
  readsIssues(project: Project, user: User): boolean {
    const access = project.features.issues;
    if (access === 'disabled') return false;
    if (project.visibility !== 'private' && access === 'enabled') return true;
    return this.level(project, user) >= accessLevels.guest;
  }

  reads(issue: Issue, user: User): boolean {
    if (!this.readsIssues(issue.project, user)) return false;
    return !issue.confidential || this.involved(issue, user) || this.level(issue.project, user) >= accessLevels.planner;
  }

  readsNote(note: Note, user: User): boolean {
    if (note.internal && !this.readsInternal(note.issue.project, user)) return false;
    return note.mentionedBy === null || this.reads(note.mentionedBy, user);
  }

  creates(project: Project, user: User): boolean {
    return this.readsIssues(project, user) && !project.archived;
  }

  /** Title, description, state. */
  updates(issue: Issue, user: User): boolean {
    if (!this.reads(issue, user) || issue.project.archived) return false;
    return this.involved(issue, user) || this.plans(issue.project, user);
  }

  deletes(issue: Issue, user: User): boolean {
    return !issue.project.archived && this.owns(issue.project, user);
  }

  comments(issue: Issue, user: User): boolean {
    if (!this.reads(issue, user) || issue.project.archived) return false;
    return issue.discussionLocked !== true || this.level(issue.project, user) >= accessLevels.guest;
  }

  /** The author, and maintainers. Nobody edits what GitLab wrote. */
  editsNote(note: Note, user: User): boolean {
    const { issue } = note;
    if (note.system || !this.comments(issue, user)) return false;
    return note.author === user || this.level(issue.project, user) >= accessLevels.maintainer;
  }

  /** Where this is missing, a note that was meant to be internal becomes an ordinary one. */
  readsInternal(project: Project, user: User): boolean {
    return this.level(project, user) >= accessLevels.planner;
  }

  /**
   * Labels, milestones and other people's issues; labels, assignees and dates of any. Where it is missing GitLab drops
   * those fields without a word.
   */
  plans(project: Project, user: User): boolean {
    return this.level(project, user) >= accessLevels.planner && !project.archived;
  }

  /** May set `iid`, `created_at` and `updated_at`. */
  owns(project: Project, user: User): boolean {
    return this.level(project, user) >= accessLevels.owner;
  }

  /** Who has no access cannot be assigned. */
  assignable(project: Project, user: User, confidential: boolean): boolean {
    if (user.state === 'blocked') return false;
    return confidential ? this.level(project, user) >= accessLevels.guest : this.readsIssues(project, user);
  }

  private involved(issue: Issue, user: User): boolean {
    const member = issue.project.visibility !== 'private' || this.level(issue.project, user) >= accessLevels.guest;
    return member && (issue.author === user || issue.assignees.includes(user));
  }
}
