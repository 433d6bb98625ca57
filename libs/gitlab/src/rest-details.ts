import type { GitLabClient } from './client.js';
import { parseItems, parseOne, PER_PAGE } from './page.js';
import type { JobRecord, MergeRequestDetails, PipelineDetails } from './records.js';
import { approvalsSchema, changedFilesOf, diffFileSchema, mostFiles } from './schema/merge-request.js';
import { jobSchema, pipelineDetailsSchema } from './schema/pipeline.js';

/** Bound of a merge request's files and of a pipeline's failed jobs, in pages of 100. */
const MAX_PAGES = mostFiles / PER_PAGE;

/** Approvals and changed files: two requests, and one more per further hundred files. */
export async function readMergeRequestDetails(
  client: GitLabClient,
  projectId: number,
  iid: number,
): Promise<MergeRequestDetails> {
  const [approvals, files] = await Promise.all([
    client.mergeRequestApprovals.showConfiguration(projectId, { mergerequestIId: iid }),
    bounded(client, (paging) => client.mergeRequests.allDiffs(projectId, iid, paging)),
  ]);
  const what = `the approvals of merge request ${iid}`;
  const { approved_by: approvedBy } = parseOne(approvals, approvalsSchema, what);
  const parsed = parseItems(files.items, diffFileSchema, 'new_path', 'a changed file');
  const paths = parsed.flatMap((file) => (file.ok ? [file.value.new_path] : []));
  return {
    approvedBy: (approvedBy ?? []).flatMap(({ user }) => (user === null ? [] : [user])),
    changedFiles: changedFilesOf(paths).changedFiles,
    changedFilesTruncated: files.truncated,
  };
}

/** One request, and one more for a failed pipeline. */
export async function readPipelineDetails(
  client: GitLabClient,
  projectId: number,
  id: number,
): Promise<PipelineDetails> {
  const answer: unknown = await client.pipelines.show(projectId, id);
  const { status, details } = parseOne(answer, pipelineDetailsSchema, `pipeline ${id}`);
  if (status !== 'failed') return { ...details, failedJobs: [], failedJobsTruncated: false };
  const jobs = await bounded(client, (paging) =>
    client.jobs.all(projectId, { pipelineId: id, scope: 'failed', includeRetried: false, ...paging }),
  );
  const parsed = parseItems(jobs.items, jobSchema, 'id', `a job of pipeline ${id}`);
  const failedJobs = parsed.flatMap((job): JobRecord[] => (job.ok ? [job.value] : []));
  return { ...details, failedJobs, failedJobsTruncated: jobs.truncated };
}

async function bounded(
  client: GitLabClient,
  call: Parameters<GitLabClient['page']>[1],
): Promise<{ items: unknown[]; truncated: boolean }> {
  const items: unknown[] = [];
  let page: number | undefined = 1;
  for (let read = 0; page !== undefined && read < MAX_PAGES; read += 1) {
    const raw = await client.page(page, call);
    items.push(...raw.items);
    page = raw.nextPage;
  }
  return { items, truncated: page !== undefined };
}
