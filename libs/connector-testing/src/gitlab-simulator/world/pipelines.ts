import type { User } from '../model/people.js';
import { jobsOf, type Bridge, type Job, type Pipeline } from '../model/pipeline.js';
import type { Project } from '../model/project.js';
import type { JobDirectory } from './job-directory.js';
import type { Users } from './people.js';
import type { WorldCore } from './world-core.js';
import { noSha } from './world-event.js';

export interface NewJob {
  readonly name: string;
  readonly stage?: string;
  readonly status?: string;
  readonly allowFailure?: boolean;
  readonly failureReason?: string;
  readonly environment?: string;
  readonly coverage?: number;
  readonly trace?: string;
}

export interface NewPipeline {
  /** Default: the default branch. `refs/merge-requests/<iid>/head` with source `merge_request_event`. */
  readonly ref?: string;
  readonly sha?: string;
  readonly status?: string;
  readonly source?: string;
  readonly name?: string | null;
  readonly tag?: boolean;
  /** Null: GitLab's answers lack the user. */
  readonly user?: User | null;
  /** Default: build, test and deploy. */
  readonly jobs?: readonly NewJob[];
  /** `updated_at` stays null, as with pipelines of external systems. */
  readonly neverUpdated?: boolean;
  readonly yamlErrors?: string;
  /** Makes this a child pipeline, which lists hide, and adds the bridge to its parent. */
  readonly parent?: Pipeline;
}

export interface PipelineOutcome {
  /** Default: `failed` if a job that may not fail did, else `success`. */
  readonly status?: string;
  /** By job name; jobs not named succeed. With `status: 'failed'` and no failed job the last one fails. */
  readonly jobs?: Readonly<
    Record<string, 'success' | 'failed' | 'canceled' | 'skipped' | { readonly failureReason: string }>
  >;
  readonly coverage?: number;
}

const standardJobs: readonly NewJob[] = [
  { name: 'compile', stage: 'build' },
  { name: 'unit', stage: 'test' },
  { name: 'rollout', stage: 'deploy' },
];

/** Pipelines and jobs. A change of status moves `updated_at` and tells job hooks, then the pipeline hook. */
export class Pipelines {
  constructor(
    private readonly core: WorldCore,
    private readonly users: Users,
    private readonly directory: JobDirectory,
  ) {}

  create(project: Project, options: NewPipeline = {}): Pipeline {
    const ref = options.ref ?? project.defaultBranch;
    const sha = options.sha ?? project.repository.resolve(ref)?.sha ?? this.core.random.sha();
    const at = this.core.clock.stamp();
    const user = options.user === undefined ? this.users.root : options.user;
    const pipeline: Pipeline = {
      id: this.core.nextId('pipeline'),
      iid: project.nextIid('pipeline'),
      project,
      name: options.name ?? null,
      sha,
      beforeSha: project.repository.find(sha)?.parents[0] ?? noSha,
      ref,
      tag: options.tag ?? false,
      source: options.source ?? (options.parent === undefined ? 'push' : 'parent_pipeline'),
      status: options.status ?? 'created',
      updatedAt: options.neverUpdated === true ? null : at,
      createdAt: at,
      startedAt: null,
      finishedAt: null,
      coverage: null,
      user,
      yamlErrors: options.yamlErrors ?? null,
      parent: options.parent ?? null,
      jobs: [],
      bridges: [],
    };
    const jobs = options.jobs ?? standardJobs;
    const firstId = this.core.nextId('job', Math.max(jobs.length, 1));
    pipeline.jobs = jobs.map((job, index) => this.job(pipeline, firstId + index, job));
    this.directory.add(pipeline, firstId, jobs.length);
    this.list(pipeline);
    if (options.parent !== undefined) this.bridge(options.parent, pipeline);
    this.core.publish({ kind: 'pipeline', project, pipeline });
    return pipeline;
  }

  /** Puts a pipeline that was made elsewhere into its project's lists, without telling anybody. */
  list(pipeline: Pipeline): void {
    pipeline.project.pipelines.set(pipeline.id, pipeline);
    pipeline.project.pipelinesByCreation.add(pipeline);
    pipeline.project.pipelinesByUpdate.add(pipeline);
  }

  start(pipeline: Pipeline): void {
    this.touch(pipeline, (at) => {
      pipeline.status = 'running';
      pipeline.startedAt ??= at;
    });
    for (const job of jobsOf(pipeline)) {
      if (job.status !== 'created') continue;
      job.status = 'running';
      job.startedAt = this.core.clock.stamp();
      this.tellJob(job);
    }
    this.tell(pipeline);
  }

  finish(pipeline: Pipeline, outcome: PipelineOutcome = {}): void {
    const jobs = jobsOf(pipeline).filter(
      (job) => !job.retried && (job.status === 'running' || job.status === 'created'),
    );
    for (const job of jobs) this.finishJob(job, outcome);
    const failed = jobsOf(pipeline).some((job) => !job.retried && job.status === 'failed' && !job.allowFailure);
    const last = jobs.at(-1);
    if (outcome.status === 'failed' && !failed && last !== undefined) {
      last.status = 'failed';
      last.failureReason = 'script_failure';
    }
    this.touch(pipeline, (at) => {
      pipeline.status = outcome.status ?? (failed ? 'failed' : 'success');
      pipeline.startedAt ??= at;
      pipeline.finishedAt = at;
      pipeline.coverage = outcome.coverage ?? pipeline.coverage;
    });
    for (const job of jobs) this.tellJob(job);
    this.tell(pipeline);
  }

  /** A finished pipeline comes back to life: the same id, its failed jobs replaced by new ones that run. */
  retry(pipeline: Pipeline): void {
    const jobs = jobsOf(pipeline);
    const again = jobs.filter((job) => !job.retried && (job.status === 'failed' || job.status === 'canceled'));
    const firstId = this.core.nextId('job', Math.max(again.length, 1));
    this.directory.add(pipeline, firstId, again.length);
    this.touch(pipeline, () => {
      pipeline.status = 'running';
      pipeline.finishedAt = null;
    });
    again.forEach((old, index) => {
      old.retried = true;
      const { name, stage, allowFailure, environment } = old;
      const details = {
        name,
        stage,
        allowFailure,
        status: 'running',
        ...(environment === null ? {} : { environment }),
      };
      const job = this.job(pipeline, firstId + index, details, old.retriesCount + 1);
      job.startedAt = this.core.clock.stamp();
      jobs.push(job);
      this.tellJob(job);
    });
    this.tell(pipeline);
  }

  cancel(pipeline: Pipeline): void {
    const jobs = Object.fromEntries(jobsOf(pipeline).map((job) => [job.name, 'canceled' as const]));
    this.finish(pipeline, { status: 'canceled', jobs });
  }

  /** Any status, also one GitLab does not know yet. */
  setStatus(pipeline: Pipeline, status: string): void {
    this.touch(pipeline, () => {
      pipeline.status = status;
    });
    this.tell(pipeline);
  }

  delete(pipeline: Pipeline): void {
    pipeline.project.pipelines.delete(pipeline.id);
    pipeline.project.pipelinesByCreation.remove(pipeline);
    pipeline.project.pipelinesByUpdate.remove(pipeline);
  }

  private finishJob(job: Job, outcome: PipelineOutcome): void {
    const result = outcome.jobs?.[job.name] ?? 'success';
    job.status = typeof result === 'string' ? result : 'failed';
    if (job.status === 'failed')
      job.failureReason = typeof result === 'string' ? 'script_failure' : result.failureReason;
    const at = this.core.clock.stamp();
    job.startedAt ??= at;
    job.finishedAt = at;
  }

  private job(pipeline: Pipeline, id: number, details: NewJob, retriesCount = 0): Job {
    return {
      id,
      pipeline,
      name: details.name,
      stage: details.stage ?? 'test',
      status: details.status ?? 'created',
      allowFailure: details.allowFailure ?? false,
      failureReason: details.failureReason ?? null,
      createdAt: this.core.clock.stamp(),
      startedAt: null,
      finishedAt: null,
      coverage: details.coverage ?? null,
      user: pipeline.user,
      environment: details.environment ?? null,
      retried: false,
      retriesCount,
      trace: details.trace ?? `Running ${details.name} on simulated-runner\n`,
    };
  }

  private bridge(parent: Pipeline, downstream: Pipeline): void {
    const id = this.core.nextId('job');
    const job = this.job(parent, id, { name: `trigger ${downstream.ref}`, stage: 'deploy', status: 'running' });
    const bridge: Bridge = { ...job, downstream };
    parent.bridges.push(bridge);
  }

  private touch(pipeline: Pipeline, change: (at: number) => void): void {
    const at = this.core.clock.stamp();
    pipeline.project.pipelinesByUpdate.move(pipeline, () => {
      change(at);
      pipeline.updatedAt = at;
    });
    pipeline.json = undefined;
  }

  private tellJob(job: Job): void {
    this.core.publish({ kind: 'job', project: job.pipeline.project, job });
  }

  private tell(pipeline: Pipeline): void {
    this.core.publish({ kind: 'pipeline', project: pipeline.project, pipeline });
  }
}
