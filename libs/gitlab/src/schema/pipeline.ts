import { z } from 'zod';
import type { JobRecord, PipelineDetails, PipelineRecord } from '../records.js';
import { isTrue, number, text, second, user } from './parts.js';

const core = {
  id: z.number(),
  iid: number,
  project_id: number,
  sha: z.string(),
  ref: z.string(),
  status: z.string(),
  source: text,
  created_at: second,
  updated_at: second,
};

/** List item and single read. */
export const pipelineSchema = z.object(core).transform((pipeline): PipelineRecord => ({
  id: pipeline.id,
  iid: pipeline.iid,
  projectId: pipeline.project_id,
  sha: pipeline.sha,
  ref: pipeline.ref,
  status: pipeline.status,
  source: pipeline.source,
  createdAt: pipeline.created_at,
  updatedAt: pipeline.updated_at,
}));

/** Per cent with two digits: REST writes them as a text, GraphQL has the number. */
export const coverage = z
  .union([z.string(), z.number()])
  .nullish()
  .transform((value) => {
    if (value === null || value === undefined) return null;
    return Number.isFinite(Number(value)) ? Number(value).toFixed(2) : String(value);
  });

/** What only the single read has. */
export const pipelineDetailsSchema = z
  .object({
    status: z.string(),
    duration: number,
    queued_duration: number,
    coverage,
    user,
    started_at: second,
    finished_at: second,
  })
  .transform((pipeline): { status: string; details: Omit<PipelineDetails, 'failedJobs' | 'failedJobsTruncated'> } => ({
    status: pipeline.status,
    details: {
      durationSeconds: pipeline.duration,
      queuedSeconds: pipeline.queued_duration,
      coverage: pipeline.coverage,
      user: pipeline.user,
      startedAt: pipeline.started_at,
      finishedAt: pipeline.finished_at,
    },
  }));

export const jobSchema = z
  .object({
    id: z.number(),
    name: z.string(),
    stage: text,
    status: z.string(),
    allow_failure: isTrue,
    failure_reason: text,
    started_at: second,
    finished_at: second,
  })
  .transform((job): JobRecord => ({
    id: job.id,
    name: job.name,
    stage: job.stage,
    status: job.status,
    allowFailure: job.allow_failure,
    failureReason: job.failure_reason,
    startedAt: job.started_at,
    finishedAt: job.finished_at,
  }));
