import { groupOf, projectOf } from '../../api/access.js';
import type { Call } from '../../http/call.js';
import { listArray } from '../../http/listing.js';
import { pageReply } from '../../http/pagination.js';
import { badParameter, forbidden, jsonReply, noContent, notFound, Refusal, type Reply } from '../../http/reply.js';
import type { Router } from '../../http/router.js';
import { accessLevels } from '../../model/people.js';
import type { Group, Project } from '../../model/project.js';
import { groupAccessLevel } from '../../world/projects.js';
import { labelEntity } from '../entities/label.js';
import type { Label } from '../model/label.js';
import type { LabelPatch } from '../world/labels.js';
import { answering } from './refusals.js';

type OwnerOf = (call: Call) => Project | Group;

export function addLabelRoutes(router: Router): void {
  addRoutes(router, '/projects/:id/labels', projectOf);
  addRoutes(router, '/groups/:id/labels', groupOf);
}

function addRoutes(router: Router, base: string, ownerOf: OwnerOf): void {
  router
    .get(base, (call) => list(call, ownerOf(call)))
    .get(`${base}/:name`, (call) => jsonReply(shown(call, ownerOf(call), labelOf(call, ownerOf(call), true))))
    .add(
      'POST',
      base,
      answering((call) => create(call, ownerOf(call))),
    )
    .add(
      'PUT',
      `${base}/:name`,
      answering((call) => update(call, ownerOf(call))),
    )
    .add('DELETE', `${base}/:name`, (call) => {
      const owner = ownerOf(call);
      requirePlanner(call, owner);
      call.world.labels.delete(labelOf(call, owner, false));
      return noContent;
    });
}

/** By id, else by name. Inherited labels can be read here, but changed only where they belong. */
function labelOf(call: Call, owner: Project | Group, inherited: boolean): Label {
  const name = call.part('name');
  const candidates = call.world.labels.list(owner, inherited);
  const byId = /^\d+$/.test(name) ? candidates.find((label) => label.id === Number(name)) : undefined;
  const label = byId ?? candidates.find((each) => each.name === name);
  if (label === undefined) throw notFound('Label');
  return label;
}

export function requirePlanner(call: Call, owner: Project | Group): void {
  const allowed =
    'issues' in owner
      ? call.world.issueRights.plans(owner, call.user)
      : groupAccessLevel(owner, call.user) >= accessLevels.planner;
  if (!allowed) throw forbidden();
}

function list(call: Call, owner: Project | Group): Reply {
  const search = call.parameters.string('search')?.toLowerCase();
  const inherited = call.parameters.boolean('include_ancestor_groups') ?? true;
  const rows = call.world.labels
    .list(owner, inherited)
    .filter(
      (label) => search === undefined || `${label.name} ${label.description ?? ''}`.toLowerCase().includes(search),
    );
  return pageReply(call, listArray(rows), (label) => JSON.stringify(shown(call, owner, label)));
}

function shown(call: Call, owner: Project | Group, label: Label) {
  if (call.parameters.boolean('with_counts') !== true) return labelEntity(label);
  const issues = 'issues' in owner ? [...owner.issues.byIid.values()].filter((row) => row.labels.includes(label)) : [];
  const mergeRequests = 'issues' in owner ? [...owner.mergeRequests.values()] : [];
  return labelEntity(label, {
    open_issues_count: issues.filter((row) => row.state === 'opened').length,
    closed_issues_count: issues.filter((row) => row.state === 'closed').length,
    open_merge_requests_count: mergeRequests.filter((row) => row.state === 'opened' && row.labels.includes(label.name))
      .length,
  });
}

function create(call: Call, owner: Project | Group): Reply {
  const { parameters, world } = call;
  const missing = ['name', 'color'].filter((name) => parameters.string(name) === undefined);
  if (missing.length > 0) throw badParameter(missing.map((name) => `${name} is missing`).join(', '));
  requirePlanner(call, owner);
  const name = parameters.required('name').trim();
  if (world.labels.taken(owner, name)) throw new Refusal(jsonReply({ message: 'Label already exists' }, 409));
  const label = world.labels.create(owner, {
    name,
    color: parameters.required('color'),
    description: parameters.string('description') ?? null,
    priority: parameters.integer('priority') ?? null,
  });
  return jsonReply(labelEntity(label), 201);
}

const changeable = ['new_name', 'color', 'description', 'priority'];

function update(call: Call, owner: Project | Group): Reply {
  const { parameters, world } = call;
  if (!changeable.some((name) => parameters.has(name)))
    throw badParameter(`${changeable.join(', ')} are missing, at least one parameter must be provided`);
  requirePlanner(call, owner);
  const label = labelOf(call, owner, false);
  const name = parameters.string('new_name');
  const color = parameters.string('color');
  const patch: LabelPatch = {
    ...(name === undefined ? {} : { name }),
    ...(color === undefined ? {} : { color }),
    ...(parameters.has('description') ? { description: parameters.string('description') ?? null } : {}),
    ...(parameters.has('priority') ? { priority: parameters.integer('priority') ?? null } : {}),
  };
  world.labels.update(label, patch);
  return jsonReply(labelEntity(label));
}
