import { mergeRequestPipelines } from '../../entities/merge-request.js';
import { projectUrl } from '../../entities/site.js';
import type { MergeRequest } from '../../model/merge-request.js';
import type { Project } from '../../model/project.js';
import { connection, shortConnection } from '../connection/connection.js';
import { sorted, type Order } from '../connection/order.js';
import type { PageArguments } from '../connection/page.js';
import type { GraphQlCall } from '../graphql-call.js';
import { globalId } from '../schema/global-id.js';
import { selectMergeRequests, type MergeRequestFilters } from './merge-request-filters.js';
import { milestoneView } from './milestone.js';
import { userView, userViewOrNull } from './user.js';

const sortKeys = ['CLOSED_AT', 'CREATED', 'MERGED_AT', 'TITLE', 'UPDATED'] as const;
type SortKey = (typeof sortKeys)[number];
export type MergeRequestSort = `${SortKey}_${'ASC' | 'DESC'}`;

const columns: Readonly<Record<SortKey, { name: string; of: (row: MergeRequest) => number | string | null }>> = {
  CLOSED_AT: { name: 'closed_at', of: (row) => row.closedAt },
  CREATED: { name: 'created_at', of: (row) => row.createdAt },
  MERGED_AT: { name: 'merged_at', of: (row) => row.mergedAt },
  TITLE: { name: 'title', of: (row) => row.title },
  UPDATED: { name: 'updated_at', of: (row) => row.updatedAt },
};

function orderOf(sort: MergeRequestSort): Order<MergeRequest> {
  const direction = sort.endsWith('_ASC') ? 'asc' : 'desc';
  const key = sortKeys.find((name) => sort.startsWith(name)) ?? 'CREATED';
  // Ties are broken the other way round, as in REST.
  return [
    { ...columns[key], direction },
    { name: 'id', of: (row) => row.id, direction: direction === 'asc' ? 'desc' : 'asc' },
  ];
}

export function mergeRequestsView(
  call: GraphQlCall,
  project: Project,
  args: PageArguments & MergeRequestFilters & { sort: MergeRequestSort | null },
) {
  const order = orderOf(args.sort ?? 'CREATED_DESC');
  const rows = call.viewer.reads(project, 'merge_requests') ? selectMergeRequests(project, args) : [];
  return connection(call, { rows: sorted(rows, order), order, args, view: (row) => mergeRequestView(call, row) });
}

export function mergeRequestView(call: GraphQlCall, mergeRequest: MergeRequest) {
  const { project, iid, approvals } = mergeRequest;
  const approvers = approvals.map(({ user }) => user);
  const files = mergeRequest.changedFiles;
  return {
    approved: approvals.length > 0,
    approvedBy: (args: PageArguments) => shortConnection(call, approvers, args, (user) => userView(call, user)),
    assignees: (args: PageArguments) =>
      shortConnection(call, mergeRequest.assignees, args, (user) => userView(call, user)),
    author: () => userViewOrNull(call, mergeRequest.author),
    closedAt: mergeRequest.closedAt,
    commitCount: () => project.repository.between(mergeRequest.baseSha, mergeRequest.sha).length,
    conflicts: mergeRequest.hasConflicts,
    createdAt: mergeRequest.createdAt,
    description: mergeRequest.description,
    detailedMergeStatus: (mergeRequest.hasConflicts ? 'conflict' : mergeRequest.detailedMergeStatus).toUpperCase(),
    diffHeadSha: mergeRequest.sha,
    diffRefs: { baseSha: mergeRequest.baseSha, headSha: mergeRequest.sha, startSha: mergeRequest.baseSha },
    diffStats: ({ path }: { path?: string | null }) =>
      files
        .filter((file) => typeof path !== 'string' || file === path)
        .map((file) => ({ path: file, additions: 1, deletions: 1 })),
    diffStatsSummary: {
      additions: files.length,
      changes: 2 * files.length,
      deletions: files.length,
      fileCount: files.length,
    },
    downvotes: 0,
    draft: mergeRequest.draft,
    headPipeline: () => headPipelineView(call, mergeRequest),
    id: globalId('MergeRequest', mergeRequest.id),
    iid: String(iid),
    labels: (args: PageArguments) => labelsView(call, mergeRequest, args),
    mergeCommitSha: mergeRequest.mergeCommitSha,
    mergeUser: () => userViewOrNull(call, mergeRequest.mergeUser),
    mergedAt: mergeRequest.mergedAt,
    milestone: () => (mergeRequest.milestone === null ? null : milestoneView(mergeRequest.milestone)),
    preparedAt: mergeRequest.createdAt,
    project: () => call.views.project(call, project),
    projectId: project.id,
    reviewers: (args: PageArguments) =>
      shortConnection(call, mergeRequest.reviewers, args, (user) => ({
        ...userView(call, user),
        mergeRequestInteraction: interactionOf(approvers.includes(user)),
      })),
    sourceBranch: mergeRequest.sourceBranch,
    sourceProjectId: project.id,
    state: mergeRequest.state,
    targetBranch: mergeRequest.targetBranch,
    targetProject: () => call.views.project(call, project),
    targetProjectId: project.id,
    title: mergeRequest.title,
    updatedAt: mergeRequest.updatedAt,
    upvotes: 0,
    userNotesCount: mergeRequest.userNotesCount,
    webUrl: `${projectUrl(call.site, project)}/-/merge_requests/${iid}`,
  };
}

function interactionOf(approved: boolean) {
  return { approved, reviewState: approved ? 'APPROVED' : 'UNREVIEWED', reviewed: approved };
}

function labelsView(call: GraphQlCall, { labels, project }: MergeRequest, args: PageArguments) {
  return shortConnection(call, labels, args, (title) => {
    const label = project.labels.get(title);
    return { color: label?.color ?? '#428bca', id: globalId('ProjectLabel', label?.id ?? 0), title };
  });
}

/** The newest pipeline of the head commit, for those who may see pipelines. */
function headPipelineView(call: GraphQlCall, mergeRequest: MergeRequest) {
  if (!call.viewer.reads(mergeRequest.project, 'builds')) return null;
  const head = mergeRequestPipelines(mergeRequest).find((pipeline) => pipeline.sha === mergeRequest.sha);
  return head === undefined ? null : call.views.pipeline(call, head);
}
