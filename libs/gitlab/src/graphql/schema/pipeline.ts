import { z } from 'zod';
import type { JobRecord, PipelineDetails, PipelineRecord } from '../../records.js';
import { isTrue, number, text, second } from '../../schema/parts.js';
import { coverage } from '../../schema/pipeline.js';
import { failureReason } from '../failure-reasons.js';
import { gid, lower, nodesOf, numberText, user } from './parts.js';

const jobNode = z.object({
  id: gid,
  name: text,
  allowFailure: isTrue,
  failureMessage: text,
  startedAt: second,
  finishedAt: second,
  stage: z.object({ name: text }).nullish(),
});

/** A pipeline with its author, times and failed jobs, as REST tells it by two or three requests. */
export function pipelineNode(projectId: number) {
  return z
    .object({
      id: gid,
      iid: numberText.nullish().transform((value) => value ?? null),
      status: lower,
      source: text,
      ref: z.string(),
      sha: z.string(),
      duration: number,
      queuedDuration: number,
      coverage,
      createdAt: second,
      updatedAt: second,
      startedAt: second,
      finishedAt: second,
      user,
      mergeRequest: z.object({ sourceBranch: z.string() }).nullish(),
      jobs: z
        .object({ pageInfo: z.object({ hasNextPage: z.boolean() }), nodes: z.array(z.unknown()).nullish() })
        .nullish(),
    })
    .transform((pipeline): PipelineRecord => {
      const failedJobs = pipeline.status === 'failed' ? failedJobsOf(pipeline.jobs) : [];
      const details: PipelineDetails | undefined = failedJobs && {
        durationSeconds: pipeline.duration,
        queuedSeconds: pipeline.queuedDuration,
        coverage: pipeline.coverage,
        user: pipeline.user,
        startedAt: pipeline.startedAt,
        finishedAt: pipeline.finishedAt,
        failedJobs,
        failedJobsTruncated: false,
      };
      const { mergeRequest } = pipeline;
      return {
        id: pipeline.id,
        iid: pipeline.iid,
        projectId,
        sha: pipeline.sha,
        ref: pipeline.ref,
        status: pipeline.status,
        source: pipeline.source,
        createdAt: pipeline.createdAt,
        updatedAt: pipeline.updatedAt,
        ...(mergeRequest ? { sourceBranch: mergeRequest.sourceBranch } : {}),
        ...(details === undefined ? {} : { details }),
      };
    });
}

/** Undefined where REST has to tell: too many of them, hidden ones, or a reason in words that are not known. */
function failedJobsOf(
  jobs: { readonly pageInfo: { readonly hasNextPage: boolean }; readonly nodes?: unknown } | null | undefined,
): JobRecord[] | undefined {
  if (!jobs || jobs.pageInfo.hasNextPage) return undefined;
  const nodes = nodesOf(jobNode).safeParse(jobs);
  if (!nodes.success) return undefined;
  const records: JobRecord[] = [];
  for (const job of nodes.data) {
    const reason = failureReason(job.failureMessage);
    if (reason === undefined) return undefined;
    records.push({
      id: job.id,
      name: job.name ?? '',
      stage: job.stage?.name ?? null,
      status: 'failed',
      allowFailure: job.allowFailure,
      failureReason: reason,
      startedAt: job.startedAt,
      finishedAt: job.finishedAt,
    });
  }
  return records;
}
