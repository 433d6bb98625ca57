import type { GitLabClient } from './client.js';
import { parseItems, parseOne } from './page.js';
import type { GroupRecord, ProjectRecord } from './records.js';
import { readWhole } from './rest-lists.js';
import { groupSchema, projectSchema } from './schema/project.js';
import type { ListCursor, Page } from './stream-reader.js';

/** By numeric id or full path. Throws `config` where it does not exist for this token. Keep the numeric id. */
export async function getProject(client: GitLabClient, idOrPath: number | string): Promise<ProjectRecord> {
  return parseOne(await client.projects.show(idOrPath), projectSchema, `project ${idOrPath}`);
}

/** By numeric id or full path. Throws `config` where it does not exist for this token. */
export async function getGroup(client: GitLabClient, idOrPath: number | string): Promise<GroupRecord> {
  return parseOne(await client.groups.show(idOrPath, { withProjects: false }), groupSchema, `group ${idOrPath}`);
}

/** Projects the token's user is a member of, archived ones left out; by id, so that none moves between pages. */
export function memberProjects(
  client: GitLabClient,
  cursor?: ListCursor,
): AsyncIterable<Page<ProjectRecord, ListCursor>> {
  const options = { membership: true, archived: false, orderBy: 'id', sort: 'asc' } as const;
  return readWhole(client, PROJECTS, cursor, (paging) => client.projects.all({ ...options, ...paging }));
}

/** Projects of a group and its subgroups; not those that are only shared into it. */
export function groupProjects(
  client: GitLabClient,
  group: number | string,
  cursor?: ListCursor,
): AsyncIterable<Page<ProjectRecord, ListCursor>> {
  const options = { includeSubgroups: true, archived: false, withShared: false, orderBy: 'id', sort: 'asc' } as const;
  return readWhole(client, PROJECTS, cursor, (paging) => client.groups.allProjects(group, { ...options, ...paging }));
}

/** One page of member projects whose path or name contains the text, for choosing in a form. */
export async function searchProjects(
  client: GitLabClient,
  search: string | undefined,
  page = 1,
): Promise<{ readonly projects: readonly ProjectRecord[]; readonly nextPage?: number }> {
  const filter = search ? { search, searchNamespaces: true } : {};
  const options = {
    membership: true,
    archived: false,
    orderBy: 'last_activity_at',
    sort: 'desc',
    simple: true,
    ...filter,
  } as const;
  const raw = await client.page(page, (paging) => client.projects.all({ ...options, ...paging }));
  const projects = parseItems(raw.items, PROJECTS.schema, PROJECTS.key, PROJECTS.what).flatMap((item) =>
    item.ok ? [item.value] : [],
  );
  return raw.nextPage === undefined ? { projects } : { projects, nextPage: raw.nextPage };
}

/** One page of groups the token's user belongs to. */
export async function searchGroups(
  client: GitLabClient,
  search: string | undefined,
  page = 1,
): Promise<{ readonly groups: readonly GroupRecord[]; readonly nextPage?: number }> {
  const options = { minAccessLevel: 10, ...(search ? { search } : {}) } as const;
  const raw = await client.page(page, (paging) => client.groups.all({ ...options, ...paging }));
  const groups = parseItems(raw.items, groupSchema, 'id', 'a group').flatMap((item) => (item.ok ? [item.value] : []));
  return raw.nextPage === undefined ? { groups } : { groups, nextPage: raw.nextPage };
}

const PROJECTS = { schema: projectSchema, key: 'id', what: 'a project' };
