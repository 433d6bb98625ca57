import { groupEntity, projectEntity } from '../entities/project.js';
import { groupPath, isGroup, type Group, type Project } from '../model/project.js';
import { groupAccessLevel } from '../world/projects.js';
import type { Call } from '../http/call.js';
import { listArray } from '../http/listing.js';
import { pageReply } from '../http/pagination.js';
import { jsonReply, type Reply } from '../http/reply.js';
import type { Router } from '../http/router.js';
import { groupOf, groupVisible, visible } from './access.js';
import { projectsReply } from './projects.js';

export function addGroupRoutes(router: Router): void {
  router
    .get('/groups', listGroups)
    .get('/groups/:id', oneGroup)
    .get('/groups/:id/subgroups', (call) => {
      const parent = groupOf(call);
      return groupsReply(call, (group) => group.parent === parent);
    })
    .get('/groups/:id/projects', (call) => {
      // Shared projects are listed unless the client says otherwise: GitLab's default.
      const shared = call.parameters.boolean('with_shared') ?? true;
      return projectsReply(call, projectsIn(call, call.parameters.boolean('include_subgroups') ?? false, shared));
    });
}

function listGroups(call: Call): Reply {
  const search = call.parameters.string('search')?.toLowerCase();
  const minimum = call.parameters.integer('min_access_level') ?? 0;
  const topLevel = call.parameters.boolean('top_level_only') ?? false;
  return groupsReply(
    call,
    (group) =>
      (!topLevel || group.parent === null) &&
      groupAccessLevel(group, call.user) >= minimum &&
      (search === undefined || `${group.name} ${groupPath(group)}`.toLowerCase().includes(search)),
  );
}

function groupsReply(call: Call, matches: (group: Group) => boolean): Reply {
  const rows = [...call.world.groups.byId.values()]
    .filter((group) => groupVisible(call.world, group, call.user) && matches(group))
    .sort((left, right) => (left.name.toLowerCase() < right.name.toLowerCase() ? -1 : 1));
  if (call.parameters.choice('sort', ['asc', 'desc']) === 'desc') rows.reverse();
  return pageReply(call, listArray(rows), (group) => JSON.stringify(groupEntity(call.site, group)), {
    offsetLimitOf: 'Group',
  });
}

/** With its projects, up to a hundred, unless `with_projects=false`. */
function oneGroup(call: Call): Reply {
  const group = groupOf(call);
  const entity = groupEntity(call.site, group);
  if (call.parameters.boolean('with_projects') === false) return jsonReply(entity);
  const own = projectsIn(call, false, false).filter((project) => visible(call.world, project, call.user));
  const shared = [...group.sharedProjects].filter((project) => visible(call.world, project, call.user));
  const render = (project: Project) => projectEntity(call.site, project, call.user);
  return jsonReply({
    ...entity,
    projects: own.slice(0, 100).map(render),
    shared_projects: shared.slice(0, 100).map(render),
  });
}

function projectsIn(call: Call, subgroups: boolean, shared: boolean): Project[] {
  const group = groupOf(call);
  return [...call.world.projects.byId.values()].filter((project) => {
    const { owner } = project;
    const own = isGroup(owner) && (subgroups ? call.world.groups.within(owner, group) : owner === group);
    return own || (shared && group.sharedProjects.has(project));
  });
}
