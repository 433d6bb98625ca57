import { accessLevels, type User } from '../model/people.js';
import type { Feature, Group, Project } from '../model/project.js';
import { groupAccessLevel } from '../world/projects.js';
import type { World } from '../world/world.js';
import type { Call } from '../http/call.js';
import { forbidden, notFound, Refusal, textReply } from '../http/reply.js';

/** The project of the path, by id or by its full path. What the user may not see does not exist. */
export function projectOf(call: Call): Project {
  const name = call.part('id');
  const { projects } = call.world;
  const project = /^\d+$/.test(name) ? projects.byId.get(Number(name)) : projects.find(name);
  if (project !== undefined && visible(call.world, project, call.user)) return project;
  const former = project === undefined ? projects.findFormer(name) : undefined;
  if (former !== undefined && call.method === 'GET' && visible(call.world, former, call.user))
    throw moved(call, former);
  throw notFound('Project');
}

export function visible(world: World, project: Project, user: User): boolean {
  return project.visibility !== 'private' || world.projects.accessLevel(project, user) > accessLevels.none;
}

/** The lowest role that reads a feature of a private project; in public ones everybody does. */
const readers: Readonly<Record<Feature, number>> = {
  issues: accessLevels.guest,
  releases: accessLevels.guest,
  repository: accessLevels.reporter,
  merge_requests: accessLevels.reporter,
  builds: accessLevels.reporter,
  container_registry: accessLevels.reporter,
  environments: accessLevels.reporter,
};

export function canRead(world: World, project: Project, user: User, feature: Feature): boolean {
  const access = project.features[feature];
  if (access === 'disabled') return false;
  if (project.visibility !== 'private' && access === 'enabled') return true;
  return world.projects.accessLevel(project, user) >= readers[feature];
}

/** The project, or 403 where the feature is off or the role is too low. */
export function projectWith(call: Call, feature: Feature): Project {
  const project = projectOf(call);
  if (!canRead(call.world, project, call.user, feature)) throw forbidden();
  return project;
}

export function projectAsRole(call: Call, minimum: number): Project {
  const project = projectOf(call);
  if (call.world.projects.accessLevel(project, call.user) < minimum) throw forbidden();
  return project;
}

export function groupOf(call: Call): Group {
  const name = call.part('id');
  const { groups } = call.world;
  const group = /^\d+$/.test(name) ? groups.byId.get(Number(name)) : groups.find(name);
  if (group === undefined || !groupVisible(call.world, group, call.user)) throw notFound('Group');
  return group;
}

export function groupVisible(world: World, group: Group, user: User): boolean {
  if (group.visibility !== 'private' || groupAccessLevel(group, user) > accessLevels.none) return true;
  // A member of something inside sees the group around it.
  for (const project of world.projects.byId.values()) {
    const { owner } = project;
    if ('parent' in owner && project.members.has(user.id) && world.groups.within(owner, group)) return true;
  }
  return false;
}

/** Renamed and moved projects: GET is sent on to the numeric id. */
function moved(call: Call, project: Project): Refusal {
  const rest = call.path.split('/').slice(3).join('/');
  const query = call.parameters.query.toString();
  const path = `/api/v4/projects/${project.id}${rest === '' ? '' : `/${rest}`}${query === '' ? '' : `?${query}`}`;
  const location = `${call.site.url}${path}`;
  return new Refusal(textReply(`This resource has been moved permanently to ${location}`, 301, { Location: location }));
}
