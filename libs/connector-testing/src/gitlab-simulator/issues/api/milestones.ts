import { groupOf, projectOf } from '../../api/access.js';
import type { Call } from '../../http/call.js';
import { listArray } from '../../http/listing.js';
import { pageReply } from '../../http/pagination.js';
import { badParameter, forbidden, jsonReply, noContent, notFound, type Reply } from '../../http/reply.js';
import type { Router } from '../../http/router.js';
import type { Group, Project } from '../../model/project.js';
import { issueEntity } from '../entities/issue.js';
import { milestoneEntity } from '../entities/milestone.js';
import type { Milestone } from '../model/milestone.js';
import type { MilestonePatch } from '../world/milestones.js';
import { validDate } from './issue-parameters.js';
import { requirePlanner } from './labels.js';
import { answering } from './refusals.js';

type OwnerOf = (call: Call) => Project | Group;

export function addMilestoneRoutes(router: Router): void {
  addRoutes(router, '/projects/:id/milestones', readableProject);
  addRoutes(router, '/groups/:id/milestones', groupOf);
}

function readableProject(call: Call): Project {
  const project = projectOf(call);
  const merges = project.features.merge_requests !== 'disabled';
  if (!merges && !call.world.issueRights.readsIssues(project, call.user)) throw forbidden();
  return project;
}

function addRoutes(router: Router, base: string, ownerOf: OwnerOf): void {
  router
    .get(base, (call) => list(call, ownerOf(call)))
    .get(`${base}/:milestone_id`, (call) => jsonReply(milestoneEntity(call.site, milestoneOf(call, ownerOf(call)))))
    .get(`${base}/:milestone_id/issues`, (call) => issuesOf(call, ownerOf(call)))
    .add(
      'POST',
      base,
      answering((call) => create(call, ownerOf(call))),
    )
    .add(
      'PUT',
      `${base}/:milestone_id`,
      answering((call) => update(call, ownerOf(call))),
    )
    .add('DELETE', `${base}/:milestone_id`, (call) => {
      const owner = ownerOf(call);
      requirePlanner(call, owner);
      call.world.issues.deleteMilestone(milestoneOf(call, owner), { by: call.user });
      return noContent;
    });
}

/** Only where it belongs: a group's milestone is not found under a project. */
function milestoneOf(call: Call, owner: Project | Group): Milestone {
  const milestone = owner.milestones.get(call.numericPart('milestone_id'));
  if (milestone === undefined) throw notFound();
  return milestone;
}

function list(call: Call, owner: Project | Group): Reply {
  const { parameters, world } = call;
  const inherited = parameters.boolean('include_ancestors') ?? parameters.boolean('include_parent_milestones') ?? false;
  const state = parameters.choice('state', ['active', 'closed', 'all']);
  const iids = parameters.list('iids')?.map(Number);
  const title = parameters.string('title');
  const search = parameters.string('search')?.toLowerCase();
  const after = parameters.time('updated_after');
  const before = parameters.time('updated_before');
  const rows = world.milestones
    .list(owner, inherited)
    .filter(
      (row) =>
        (state === undefined || state === 'all' || row.state === state) &&
        (iids === undefined || iids.includes(row.iid)) &&
        (title === undefined || row.title === title) &&
        (search === undefined || `${row.title}\n${row.description}`.toLowerCase().includes(search)) &&
        (after === undefined || row.updatedAt >= after) &&
        (before === undefined || row.updatedAt <= before),
    )
    .sort((left, right) => (left.dueDate ?? '9').localeCompare(right.dueDate ?? '9') || left.id - right.id);
  return pageReply(call, listArray(rows), (row) => JSON.stringify(milestoneEntity(call.site, row)));
}

function issuesOf(call: Call, owner: Project | Group): Reply {
  const milestone = milestoneOf(call, owner);
  const projects = 'issues' in owner ? [owner] : [...call.world.projects.byId.values()];
  const rows = projects
    .flatMap((project) => [...project.issues.byIid.values()])
    .filter((row) => row.milestone === milestone && call.world.issueRights.reads(row, call.user));
  return pageReply(call, listArray(rows), (row) => JSON.stringify(issueEntity(call.site, row)));
}

function create(call: Call, owner: Project | Group): Reply {
  const title = call.parameters.text('title');
  if (title === undefined) throw badParameter('title is missing');
  requirePlanner(call, owner);
  const milestone = call.world.milestones.create(owner, { title: title ?? '', ...settingsOf(call) });
  return jsonReply(milestoneEntity(call.site, milestone), 201);
}

const changeable = ['title', 'description', 'due_date', 'start_date', 'state_event'];

function update(call: Call, owner: Project | Group): Reply {
  const { parameters } = call;
  if (!changeable.some((name) => parameters.has(name)))
    throw badParameter(`${changeable.join(', ')} are missing, at least one parameter must be provided`);
  requirePlanner(call, owner);
  const milestone = milestoneOf(call, owner);
  const title = parameters.text('title');
  const stateEvent = parameters.choice('state_event', ['close', 'activate']);
  call.world.milestones.update(milestone, {
    ...settingsOf(call),
    ...(title === undefined ? {} : { title: title ?? '' }),
    ...(stateEvent === undefined ? {} : { state: stateEvent === 'close' ? 'closed' : 'active' }),
  });
  return jsonReply(milestoneEntity(call.site, milestone));
}

function settingsOf(call: Call): MilestonePatch {
  const { parameters } = call;
  const description = parameters.text('description');
  const dueDate = parameters.text('due_date');
  const startDate = parameters.text('start_date');
  return {
    ...(description === undefined ? {} : { description: description ?? '' }),
    ...(dueDate === undefined ? {} : { dueDate: validDate(dueDate) }),
    ...(startDate === undefined ? {} : { startDate: validDate(startDate) }),
  };
}
