import type { GitLabClient } from '../client.js';
import { parseOne } from '../page.js';
import { memberSchema, trackerProjectSchema } from './schema.js';
import { Users } from './users.js';
import { orMissing } from './writing.js';

/** GitLab's roles by their number. Planner (17.7) is the first that edits other people's issues. */
export const roles = { guest: 10, planner: 15, reporter: 20, developer: 30, maintainer: 40, owner: 50, admin: 60 };

/** What one read of a project says about its issues. */
export interface TrackerProject {
  readonly id: number;
  /** Full path; changes when the project is renamed or moved. */
  readonly path: string;
  readonly archived: boolean;
  readonly markedForDeletion: boolean;
  readonly issuesEnabled: boolean;
  /** The role of the token's user by membership; undefined: GitLab names none, which is so for administrators, too. */
  readonly accessLevel: number | undefined;
  /** Whether the plan has weights and several assignees. */
  readonly paid: boolean;
}

/** By numeric id or full path. Throws `config` where it does not exist for this token. */
export async function readTrackerProject(client: GitLabClient, idOrPath: number | string): Promise<TrackerProject> {
  const body: unknown = await client.projects.show(idOrPath);
  const project = parseOne(body, trackerProjectSchema, `project ${idOrPath}`);
  const levels = [project.permissions?.project_access, project.permissions?.group_access].flatMap((access) =>
    access ? [access.access_level] : [],
  );
  return {
    id: project.id,
    path: project.path_with_namespace,
    archived: project.archived,
    markedForDeletion: project.marked_for_deletion_on !== null || project.marked_for_deletion_at !== null,
    issuesEnabled: project.issues_access_level !== 'disabled' && project.issues_enabled !== false,
    accessLevel: levels.length === 0 ? undefined : Math.max(...levels),
    paid: project.issues_template !== undefined,
  };
}

/**
 * The role that counts. What the project itself says is enough for most; a low or missing one may be that of an
 * administrator, or of a member of a group that was invited to the project: at most two requests more.
 */
export async function roleOf(
  client: GitLabClient,
  project: TrackerProject,
  users: Users = new Users(client),
): Promise<number> {
  const { accessLevel: known = 0 } = project;
  if (known >= roles.planner) return known;
  const me = await users.me();
  if (me.isAdmin) return roles.admin;
  const options = { includeInherited: true };
  const member: unknown = await orMissing(client.projectMembers.show(project.id, Number(me.id), options));
  if (member === undefined) return known;
  return Math.max(known, parseOne(member, memberSchema, `member ${me.username} of project ${project.id}`).access_level);
}
