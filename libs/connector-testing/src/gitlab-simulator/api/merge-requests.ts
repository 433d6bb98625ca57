import { commitEntity } from '../entities/commit.js';
import {
  approvalsEntity,
  diffEntity,
  mergeRequestDetail,
  mergeRequestEntity,
  mergeRequestPipelines,
  reviewerEntity,
} from '../entities/merge-request.js';
import { pipelineEntity } from '../entities/pipeline.js';
import { cachedJson } from '../model/cached-json.js';
import type { MergeRequest } from '../model/merge-request.js';
import { OrderedIndex } from '../model/ordered-index.js';
import { accessLevels } from '../model/people.js';
import type { Project } from '../model/project.js';
import type { Call } from '../http/call.js';
import { listArray, listRange, type Listing } from '../http/listing.js';
import { pageReply } from '../http/pagination.js';
import type { Parameters } from '../http/parameters.js';
import { jsonReply, notFound, type Reply } from '../http/reply.js';
import type { Router } from '../http/router.js';
import { projectWith } from './access.js';

const base = '/projects/:id/merge_requests';

export function addMergeRequestRoutes(router: Router): void {
  router
    .get(base, listMergeRequests)
    .get(`${base}/:iid`, (call) => {
      const mergeRequest = mergeRequestOf(call);
      const level = call.world.projects.accessLevel(mergeRequest.project, call.user);
      return jsonReply(mergeRequestDetail(call.site, mergeRequest, level >= accessLevels.maintainer));
    })
    .get(`${base}/:iid/approvals`, (call) => jsonReply(approvalsEntity(call.site, mergeRequestOf(call), call.user)))
    .get(`${base}/:iid/diffs`, (call) =>
      pageReply(call, listArray(mergeRequestOf(call).changedFiles), (path) => JSON.stringify(diffEntity(path))),
    )
    .get(`${base}/:iid/changes`, changes)
    .get(`${base}/:iid/commits`, commits)
    .get(`${base}/:iid/pipelines`, (call) =>
      pageReply(call, listArray(mergeRequestPipelines(mergeRequestOf(call))), (row) =>
        JSON.stringify(pipelineEntity(call.site, row)),
      ),
    )
    .get(`${base}/:iid/reviewers`, (call) => {
      const mergeRequest = mergeRequestOf(call);
      return jsonReply(mergeRequest.reviewers.map((user) => reviewerEntity(call.site, mergeRequest, user)));
    });
}

function mergeRequestOf(call: Call): MergeRequest {
  const project = projectWith(call, 'merge_requests');
  const mergeRequest = project.mergeRequests.get(call.numericPart('iid'));
  if (mergeRequest === undefined) throw notFound();
  return mergeRequest;
}

function listMergeRequests(call: Call): Reply {
  const project = projectWith(call, 'merge_requests');
  const listing = selected(project, call.parameters);
  return pageReply(call, listing, (row) =>
    cachedJson(row, call.world.core.epoch, () => mergeRequestEntity(call.site, row)),
  );
}

function selected(project: Project, parameters: Parameters): Listing<MergeRequest> {
  const orderBy = parameters.choice('order_by', ['created_at', 'updated_at', 'merged_at', 'title']) ?? 'created_at';
  const direction = parameters.choice('sort', ['asc', 'desc']) ?? 'desc';
  const updated = [parameters.time('updated_after'), parameters.time('updated_before')] as const;
  const created = [parameters.time('created_after'), parameters.time('created_before')] as const;
  const filters = filtersOf(parameters);
  const within = (time: number, [after, before]: readonly [number | undefined, number | undefined]): boolean =>
    (after === undefined || time >= after) && (before === undefined || time <= before);
  const bounded = (bounds: readonly (number | undefined)[]): boolean => bounds.some((bound) => bound !== undefined);
  if (orderBy === 'updated_at') {
    if (bounded(created)) filters.push((row) => within(row.createdAt, created));
    return listRange(project.mergeRequestsByUpdate.range(...updated), direction, filters);
  }
  if (bounded(updated)) filters.push((row) => within(row.updatedAt, updated));
  if (orderBy === 'created_at') return listRange(project.mergeRequestsByCreation.range(...created), direction, filters);
  if (bounded(created)) filters.push((row) => within(row.createdAt, created));
  const rows = [...project.mergeRequests.values()];
  if (orderBy === 'merged_at') {
    const byMerge = new OrderedIndex<MergeRequest>((row) => row.mergedAt);
    for (const row of rows) byMerge.add(row);
    return listRange(byMerge.range(), direction, filters);
  }
  const kept = rows.filter((row) => filters.every((matches) => matches(row)));
  kept.sort((left, right) => left.title.localeCompare(right.title) || right.id - left.id);
  return listArray(direction === 'asc' ? kept : kept.reverse());
}

function filtersOf(parameters: Parameters): ((row: MergeRequest) => boolean)[] {
  const filters: ((row: MergeRequest) => boolean)[] = [];
  const state = parameters.choice('state', ['opened', 'closed', 'merged', 'locked', 'all']) ?? 'all';
  if (state !== 'all') filters.push((row) => row.state === state);
  const iids = parameters.list('iids')?.map(Number);
  if (iids !== undefined) filters.push((row) => iids.includes(row.iid));
  const source = parameters.string('source_branch');
  if (source !== undefined) filters.push((row) => row.sourceBranch === source);
  const target = parameters.string('target_branch');
  if (target !== undefined) filters.push((row) => row.targetBranch === target);
  const author = parameters.string('author_username');
  if (author !== undefined) filters.push((row) => row.author?.username === author);
  const authorId = parameters.integer('author_id');
  if (authorId !== undefined) filters.push((row) => row.author?.id === authorId);
  const draft = parameters.choice('wip', ['yes', 'no']);
  if (draft !== undefined) filters.push((row) => row.draft === (draft === 'yes'));
  const milestone = parameters.string('milestone');
  if (milestone !== undefined) filters.push((row) => row.milestone?.title === milestone);
  const mergedAfter = parameters.time('merged_after');
  if (mergedAfter !== undefined) filters.push((row) => row.mergedAt !== null && row.mergedAt >= mergedAfter);
  const mergedBefore = parameters.time('merged_before');
  if (mergedBefore !== undefined) filters.push((row) => row.mergedAt !== null && row.mergedAt <= mergedBefore);
  const search = parameters.string('search')?.toLowerCase();
  if (search !== undefined)
    filters.push((row) => `${row.title}\n${row.description ?? ''}`.toLowerCase().includes(search));
  const labels = parameters.commaList('labels');
  if (labels !== undefined) filters.push((row) => hasLabels(row, labels));
  return filters;
}

function hasLabels(row: MergeRequest, wanted: readonly string[]): boolean {
  if (wanted[0]?.toLowerCase() === 'none') return row.labels.length === 0;
  if (wanted[0]?.toLowerCase() === 'any') return row.labels.length > 0;
  return wanted.every((label) => row.labels.includes(label));
}

/** The deprecated one-shot answer: the detail with all its files. */
function changes(call: Call): Reply {
  const mergeRequest = mergeRequestOf(call);
  const detail = mergeRequestDetail(call.site, mergeRequest, false);
  return jsonReply({ ...detail, changes: mergeRequest.changedFiles.map(diffEntity), overflow: false });
}

function commits(call: Call): Reply {
  const { project, sha, baseSha } = mergeRequestOf(call);
  const rows = project.repository.between(baseSha, sha);
  return pageReply(call, listArray(rows), (row) => JSON.stringify(commitEntity(call.site, project, row)));
}
