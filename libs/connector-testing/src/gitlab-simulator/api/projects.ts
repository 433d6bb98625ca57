import { accessLevels, type User } from '../model/people.js';
import { activityEntity, memberEntity, projectEntity, simpleProjectEntity } from '../entities/project.js';
import { isGroup, type Activity, type Project } from '../model/project.js';
import { groupAccessLevel } from '../world/projects.js';
import type { Call } from '../http/call.js';
import { listArray } from '../http/listing.js';
import { keysetReply, keysetUnavailable, pageReply } from '../http/pagination.js';
import { jsonReply, notFound, type Reply } from '../http/reply.js';
import type { Router } from '../http/router.js';
import { projectAsRole, projectOf, visible } from './access.js';

export function addProjectRoutes(router: Router): void {
  router
    .get('/projects', listProjects)
    .get('/projects/:id', (call) => jsonReply(projectEntity(call.site, projectOf(call), call.user)))
    .get('/projects/:id/events', listEvents)
    .get('/projects/:id/members', (call) => listMembers(call, false))
    .get('/projects/:id/members/all', (call) => listMembers(call, true))
    .get('/projects/:id/members/all/:user_id', oneMember);
}

const sortKeys = {
  id: (project: Project) => project.id,
  name: (project: Project) => project.name.toLowerCase(),
  path: (project: Project) => project.path,
  created_at: (project: Project) => project.createdAt,
  updated_at: (project: Project) => project.updatedAt,
  last_activity_at: (project: Project) => project.lastActivityAt,
  star_count: () => 0,
  similarity: (project: Project) => project.id,
};
type SortKey = keyof typeof sortKeys;
const sortNames: readonly SortKey[] = [
  'id',
  'name',
  'path',
  'created_at',
  'updated_at',
  'last_activity_at',
  'star_count',
  'similarity',
];

function listProjects(call: Call): Reply {
  return projectsReply(call, [...call.world.projects.byId.values()], 'Project');
}

/** Filters, sorts and pages projects by the parameters that all project lists share. */
export function projectsReply(call: Call, candidates: readonly Project[], offsetLimitOf?: string): Reply {
  const { parameters, world, user } = call;
  const orderBy = parameters.choice('order_by', sortNames) ?? 'created_at';
  const direction = parameters.choice('sort', ['asc', 'desc']) ?? 'desc';
  const matches = projectFilter(call);
  const rows = candidates.filter((project) => visible(world, project, user) && matches(project));
  const simple = parameters.boolean('simple') ?? false;
  const render = (project: Project): string =>
    JSON.stringify(simple ? simpleProjectEntity(call.site, project) : projectEntity(call.site, project, user));
  if (parameters.string('pagination') === 'keyset') {
    if (orderBy !== 'id') throw keysetUnavailable;
    return keysetReply(call, rows, direction, render);
  }
  const key = sortKeys[orderBy];
  const sign = direction === 'asc' ? 1 : -1;
  rows.sort((left, right) => (key(left) < key(right) ? -sign : key(left) > key(right) ? sign : right.id - left.id));
  return pageReply(call, listArray(rows), render, offsetLimitOf === undefined ? {} : { offsetLimitOf });
}

function projectFilter(call: Call): (project: Project) => boolean {
  const { parameters, world, user } = call;
  const member = parameters.boolean('membership') ?? false;
  const owned = parameters.boolean('owned') ?? false;
  const minimum = parameters.integer('min_access_level');
  const archived = parameters.boolean('archived');
  const search = parameters.string('search')?.toLowerCase();
  const searchPath = parameters.boolean('search_namespaces') ?? false;
  const visibility = parameters.choice('visibility', ['private', 'internal', 'public']);
  const topic = parameters.string('topic');
  const idAfter = parameters.integer('id_after');
  const idBefore = parameters.integer('id_before');
  const activeAfter = parameters.time('last_activity_after');
  const activeBefore = parameters.time('last_activity_before');
  return (project) => {
    const level = membershipLevel(world.projects.accessLevel(project, user), project, user);
    if ((member && level === 0) || (minimum !== undefined && level < minimum)) return false;
    if (owned && project.owner !== user && level < accessLevels.owner) return false;
    if (archived !== undefined && project.archived !== archived) return false;
    if (visibility !== undefined && project.visibility !== visibility) return false;
    if (topic !== undefined && !project.topics.includes(topic)) return false;
    if (idAfter !== undefined && project.id <= idAfter) return false;
    if (idBefore !== undefined && project.id >= idBefore) return false;
    if (activeAfter !== undefined && project.lastActivityAt < activeAfter) return false;
    if (activeBefore !== undefined && project.lastActivityAt > activeBefore) return false;
    const searched = searchPath ? project.fullPath : `${project.name} ${project.path}`;
    return search === undefined || searched.toLowerCase().includes(search);
  };
}

/** An administrator sees everything but is a member only where somebody made him one. */
function membershipLevel(level: number, project: Project, user: User): number {
  if (!user.admin) return level;
  const inherited = isGroup(project.owner) ? groupAccessLevel(project.owner, { ...user, admin: false }) : 0;
  return Math.max(project.members.get(user.id) ?? 0, inherited);
}

/** Day granularity, both bounds exclusive. */
function listEvents(call: Call): Reply {
  const project = projectOf(call);
  const after = call.parameters.time('after');
  const before = call.parameters.time('before');
  const action = call.parameters.string('action');
  const targetType = call.parameters.string('target_type')?.toLowerCase();
  const rows = project.activities.filter(
    (activity: Activity) =>
      (after === undefined || activity.createdAt >= after + 86_400_000) &&
      (before === undefined || activity.createdAt < before) &&
      (action === undefined || activity.action === action || (action === 'pushed' && activity.push !== undefined)) &&
      (targetType === undefined ||
        activity.targetType?.replace(/(?<=[a-z])(?=[A-Z])/g, '_').toLowerCase() === targetType),
  );
  if (call.parameters.choice('sort', ['asc', 'desc']) !== 'asc') rows.reverse();
  return pageReply(call, listArray(rows), (row) => JSON.stringify(activityEntity(call.site, project, row)), {
    totals: false,
  });
}

function levels(call: Call, project: Project, inherited: boolean): { user: User; level: number }[] {
  const found: { user: User; level: number }[] = [];
  for (const user of call.world.users.byId.values()) {
    const direct = project.members.get(user.id) ?? 0;
    const level = inherited ? membershipLevel(call.world.projects.accessLevel(project, user), project, user) : direct;
    if (level > 0) found.push({ user, level });
  }
  return found;
}

function listMembers(call: Call, inherited: boolean): Reply {
  const project = projectAsRole(call, accessLevels.guest);
  const query = call.parameters.string('query')?.toLowerCase();
  const rows = levels(call, project, inherited).filter(
    ({ user }) => query === undefined || `${user.username} ${user.name}`.toLowerCase().includes(query),
  );
  return pageReply(call, listArray(rows), ({ user, level }) => JSON.stringify(memberEntity(call.site, user, level)));
}

function oneMember(call: Call): Reply {
  const id = call.numericPart('user_id');
  const member = levels(call, projectAsRole(call, accessLevels.guest), true).find(({ user }) => user.id === id);
  if (member === undefined) throw notFound();
  return jsonReply(memberEntity(call.site, member.user, member.level));
}
