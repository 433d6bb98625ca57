import { groupOf, projectOf } from '../../api/access.js';
import { simpleMergeRequests } from './closing-merge-requests.js';
import type { Call } from '../../http/call.js';
import { listArray } from '../../http/listing.js';
import { pageReply } from '../../http/pagination.js';
import { badParameter, badRequest, forbidden, jsonReply, noContent, notFound, type Reply } from '../../http/reply.js';
import type { Router } from '../../http/router.js';
import { userEntity } from '../../entities/user.js';
import { cachedJson } from '../../model/cached-json.js';
import { isGroup, type Project } from '../../model/project.js';
import { issueDetail, issueEntity } from '../entities/issue.js';
import { labelDetail } from '../entities/label.js';
import type { Issue } from '../model/issue.js';
import { issueOf, issueToUpdate } from './issue-access.js';
import { issueKeysetReply } from './issue-keyset.js';
import { selectedIssues } from './issue-list.js';
import { issuePatch } from './issue-parameters.js';
import { answering } from './refusals.js';

const base = '/projects/:id/issues';

export function addIssueRoutes(router: Router): void {
  router
    .get(base, (call) => listReply(call, [projectOf(call)]))
    .get('/groups/:id/issues', (call) => listReply(call, projectsWithin(call).filter(notArchived(call))))
    .get('/issues', (call) => {
      // Only here the default is the user's own issues.
      if (!call.parameters.has('scope')) call.parameters.query.set('scope', 'created_by_me');
      return listReply(call, [...call.world.projects.byId.values()].filter(notArchived(call)));
    })
    .get('/projects/:id/issues_statistics', statistics)
    .add('POST', base, answering(create))
    .get(`${base}/:iid`, (call) => jsonReply(issueDetail(call.site, issueOf(call), call.user)))
    .add('PUT', `${base}/:iid`, answering(update))
    .add('DELETE', `${base}/:iid`, remove)
    .add('POST', `${base}/:iid/move`, answering(move))
    .get(`${base}/:iid/participants`, (call) => {
      const issue = issueOf(call);
      const users = new Set([
        issue.author,
        ...issue.assignees,
        ...issue.notes.filter(({ system }) => !system).map(({ author }) => author),
      ]);
      return pageReply(call, listArray([...users]), (user) => JSON.stringify(userEntity(call.site, user)));
    })
    .get(`${base}/:iid/closed_by`, (call) => simpleMergeRequests(call, issueOf(call), 'closing'))
    .get(`${base}/:iid/related_merge_requests`, (call) => simpleMergeRequests(call, issueOf(call), 'related'));
}

function projectsWithin(call: Call): Project[] {
  const group = groupOf(call);
  return [...call.world.projects.byId.values()].filter(
    ({ owner }) => isGroup(owner) && call.world.groups.within(owner, group),
  );
}

function notArchived(call: Call): (project: Project) => boolean {
  return (project) => !project.archived || call.parameters.boolean('non_archived') === false;
}

function listReply(call: Call, projects: readonly Project[]): Reply {
  const listing = selectedIssues(call, projects);
  const details = call.parameters.boolean('with_labels_details') === true;
  // A new day lets milestones expire.
  const version = call.world.core.epoch * 1_000_000 + Math.floor(call.world.core.clock.read() / 86_400_000);
  const render = (row: Issue): string | Buffer => {
    if (details) return JSON.stringify({ ...issueEntity(call.site, row), labels: row.labels.map(labelDetail) });
    return cachedJson(row, version, () => issueEntity(call.site, row));
  };
  if (call.parameters.string('pagination') === 'keyset')
    return issueKeysetReply(call, listing, projects.length === 1, render);
  return pageReply(call, listing, render, projects.length === 1 ? { offsetLimitOf: 'Issue' } : {});
}

function statistics(call: Call): Reply {
  const listing = selectedIssues(call, [projectOf(call)]);
  const rows = listing.slice(0, listing.count);
  const opened = rows.filter((row) => row.state === 'opened').length;
  return jsonReply({ statistics: { counts: { all: rows.length, closed: rows.length - opened, opened } } });
}

function create(call: Call): Reply {
  const { parameters, world, user } = call;
  const project = projectOf(call);
  if (!parameters.has('title')) throw badParameter('title is missing');
  if (!world.issueRights.creates(project, user)) throw forbidden();
  const { state: _, ...patch } = issuePatch(call, project);
  const iid = parameters.integer('iid');
  const createdAt = parameters.time('created_at');
  const issue = world.issues.create(project, {
    ...patch,
    title: patch.title ?? '',
    by: user,
    ...(iid === undefined ? {} : { iid }),
    ...(createdAt === undefined ? {} : { createdAt }),
  });
  return jsonReply(issueDetail(call.site, issue, user), 201);
}

const changeable = [
  'assignee_id',
  'assignee_ids',
  'confidential',
  'created_at',
  'description',
  'discussion_locked',
  'due_date',
  'labels',
  'add_labels',
  'remove_labels',
  'milestone_id',
  'state_event',
  'title',
  'issue_type',
];

function update(call: Call): Reply {
  const { parameters, world, user } = call;
  const wanted = call.site.edition === 'ee' ? [...changeable, 'weight'] : changeable;
  if (!wanted.some((name) => parameters.has(name)))
    throw badParameter(`${wanted.join(', ')} are missing, at least one parameter must be provided`);
  if (parameters.has('updated_at') && parameters.string('updated_at') === undefined)
    throw badParameter('updated_at is empty');
  const updatedAt = parameters.time('updated_at');
  const issue = issueToUpdate(call);
  const patch = issuePatch(call, issue.project);
  world.issues.update(issue, patch, { by: user, ...(updatedAt === undefined ? {} : { updatedAt }) });
  return jsonReply(issueDetail(call.site, issue, user));
}

function remove(call: Call): Reply {
  const issue = projectOf(call).issues.byIid.get(call.numericPart('iid', 'Issue'));
  if (issue === undefined) throw notFound('Issue');
  if (!call.world.issueRights.deletes(issue, call.user)) throw forbidden();
  call.world.issues.delete(issue);
  return noContent;
}

function move(call: Call): Reply {
  const { parameters, world, user } = call;
  parameters.required('to_project_id');
  const issue = projectOf(call).issues.byIid.get(call.numericPart('iid', 'Issue'));
  if (issue === undefined || !world.issueRights.reads(issue, user)) throw notFound('Issue');
  const target = world.projects.byId.get(parameters.integer('to_project_id') ?? 0);
  if (target === undefined) throw notFound('Project');
  if (target.archived || !world.issueRights.readsIssues(target, user))
    throw badRequest('Cannot move issue due to insufficient permissions!');
  return jsonReply(issueDetail(call.site, world.issues.move(issue, target, { by: user }), user), 201);
}
