import type { CachedJson } from './cached-json.js';
import type { User } from './people.js';
import type { Project } from './project.js';

/** `created`, `running`, `success`, `failed`, ...: an open set, so any word is accepted. */
export type CiStatus = string;

export interface Job {
  readonly id: number;
  readonly pipeline: Pipeline;
  readonly name: string;
  readonly stage: string;
  status: CiStatus;
  readonly allowFailure: boolean;
  failureReason: string | null;
  readonly createdAt: number;
  startedAt: number | null;
  finishedAt: number | null;
  coverage: number | null;
  user: User | null;
  environment: string | null;
  /** A later run of the same job took its place. */
  retried: boolean;
  readonly retriesCount: number;
  trace: string;
}

/** A trigger job; it is listed by `bridges`, never by `jobs`. */
export interface Bridge extends Job {
  readonly downstream: Pipeline | null;
}

export interface Pipeline extends CachedJson {
  readonly id: number;
  readonly iid: number;
  readonly project: Project;
  readonly name: string | null;
  readonly sha: string;
  readonly beforeSha: string;
  readonly ref: string;
  readonly tag: boolean;
  readonly source: string;
  status: CiStatus;
  /** Null occurs in reality: pipelines of external systems that nobody updated. */
  updatedAt: number | null;
  readonly createdAt: number;
  startedAt: number | null;
  finishedAt: number | null;
  coverage: number | null;
  user: User | null;
  yamlErrors: string | null;
  readonly parent: Pipeline | null;
  /** Made when first asked for where the pipeline was seeded. */
  jobs: Job[] | (() => Job[]);
  bridges: Bridge[];
}

export const finalStatuses: ReadonlySet<string> = new Set(['success', 'failed', 'canceled', 'skipped']);

export function jobsOf(pipeline: Pipeline): Job[] {
  if (typeof pipeline.jobs === 'function') pipeline.jobs = pipeline.jobs();
  return pipeline.jobs;
}

export function isMergeRequestPipeline(pipeline: Pipeline): boolean {
  return pipeline.ref.startsWith('refs/merge-requests/');
}
