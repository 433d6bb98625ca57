import type { Job, Pipeline } from '../model/pipeline.js';
import type { Project } from '../model/project.js';
import { noSha } from '../world/world-event.js';
import { anyCommit, branchNames } from './seed-repository.js';
import { spread, type SeedContext } from './seed-context.js';

const stages = [
  { name: 'compile', stage: 'build', share: 0.3 },
  { name: 'unit', stage: 'test', share: 0.8 },
  { name: 'rollout', stage: 'deploy', share: 1 },
] as const;

/** The newest ones run, the asked number failed at `unit`, the rest succeeded. Jobs are made when somebody looks. */
export function seedPipelines(context: SeedContext, project: Project): void {
  const { size, random } = context;
  const refs = branchNames(size.branches);
  const finished = Math.max(0, size.pipelines - size.runningPipelines);
  const failed = new Set(
    random.sample(
      Array.from({ length: finished }, (_, index) => index),
      size.failedPipelines,
    ),
  );
  spread(context, size.pipelines).forEach((createdAt, index) => {
    const status = index >= finished ? 'running' : failed.has(index) ? 'failed' : 'success';
    seedPipeline(context, project, { createdAt, status, ref: random.pick(refs) });
  });
}

function seedPipeline(
  context: SeedContext,
  project: Project,
  { createdAt, status, ref }: { createdAt: number; status: string; ref: string },
): void {
  const { world, random, people } = context;
  const startedAt = createdAt + random.between(1, 20) * 1000;
  const finishedAt = status === 'running' ? null : startedAt + random.between(60, 900) * 1000;
  const firstId = world.core.nextId('job', stages.length);
  const sha = anyCommit(context, project);
  const pipeline: Pipeline = {
    id: world.core.nextId('pipeline'),
    iid: project.nextIid('pipeline'),
    project,
    name: null,
    sha,
    beforeSha: project.repository.find(sha)?.parents[0] ?? noSha,
    ref,
    tag: false,
    source: 'push',
    status,
    createdAt,
    updatedAt: (finishedAt ?? startedAt) + random.between(1, 900),
    startedAt,
    finishedAt,
    coverage: status === 'success' ? random.between(7000, 9500) / 100 : null,
    user: random.pick(people),
    yamlErrors: null,
    parent: null,
    jobs: () => seedJobs(pipeline, firstId),
    bridges: [],
  };
  world.jobs.add(pipeline, firstId, stages.length);
  world.pipelines.list(pipeline);
}

function seedJobs(pipeline: Pipeline, firstId: number): Job[] {
  const begin = pipeline.startedAt ?? pipeline.createdAt;
  const length = pipeline.finishedAt === null ? null : pipeline.finishedAt - begin;
  return stages.map(({ name, stage, share }, index) => {
    const before = index === 0 ? 0 : (stages[index - 1]?.share ?? 0);
    const skipped = pipeline.status === 'failed' && name === 'rollout';
    const failed = pipeline.status === 'failed' && name === 'unit';
    const ran = length !== null && !skipped;
    return {
      id: firstId + index,
      pipeline,
      name,
      stage,
      status: skipped ? 'skipped' : failed ? 'failed' : length === null ? 'running' : 'success',
      allowFailure: false,
      failureReason: failed ? 'script_failure' : null,
      createdAt: pipeline.createdAt,
      startedAt: skipped ? null : begin + Math.floor(before * (length ?? 0)),
      finishedAt: ran ? begin + Math.floor(share * length) : null,
      coverage: name === 'unit' ? pipeline.coverage : null,
      user: pipeline.user,
      environment: null,
      retried: false,
      retriesCount: 0,
      trace: `Running ${name} on simulated-runner\n${failed ? 'ERROR: Job failed: exit code 1\n' : 'Job succeeded\n'}`,
    };
  });
}
