import { existsSync, readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startAcme, type Acme } from './testing/acme.js';
import { ask } from './testing/ask.js';
import { fieldPaths, unexplained } from './testing/field-paths.js';
import { startHookReceiver, type HookReceiver } from './testing/hook-receiver.js';

/** Real answers and payloads live beside the project and are never part of it. */
const data = new URL('../../../../../shared/data/', import.meta.url);

function present(folder: string): boolean {
  if (existsSync(new URL(folder, data))) return true;
  process.stdout.write(`recordings.spec: not compared, ${new URL(folder, data).pathname} is absent\n`);
  return false;
}

function recorded(name: string): Set<string> {
  const lines = readFileSync(new URL(`gitlab-recordings/${name}.jsonl`, data), 'utf8')
    .trim()
    .split('\n');
  return union(lines.map((line) => fieldPaths(JSON.parse(line))));
}

function webhook(...names: readonly string[]): Set<string> {
  return union(
    names.map((name) => fieldPaths(JSON.parse(readFileSync(new URL(`gitlab-webhooks/${name}.json`, data), 'utf8')))),
  );
}

function union(sets: readonly Set<string>[]): Set<string> {
  return new Set(sets.flatMap((set) => [...set]));
}

/** Documented fields that the recordings are too old for, wherever they appear. */
const newer: Readonly<Record<string, string>> = {
  '*.public_email': 'user objects since 16.x',
  '*.locked': 'user objects since 15.x',
  '*.extended_trailers': 'commits since 15.x',
  '*.trailers': 'commits since 13.x',
};

const sinceRecordedJobs = 'newer than the recorded jobs; the recorded deployables have it';

const reasons: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  merge_requests: {
    ...newer,
    reviewers: 'empty in all recordings; users as elsewhere',
    detailed_merge_status: 'since 15.6',
    prepared_at: 'since 16.1',
    imported: 'since 17.2',
    imported_from: 'since 17.2',
    merge_after: 'since 17.8',
    squash_on_merge: 'since 16.10',
    'milestone.project_id': 'of project milestones; the recordings have group milestones only',
  },
  pipelines: { name: 'since 15.11; the recorded details have it' },
  pipeline_details: { ...newer, archived: 'since 18.x' },
  jobs: {
    ...newer,
    erased_at: sinceRecordedJobs,
    queued_duration: sinceRecordedJobs,
    failure_reason: sinceRecordedJobs,
    project: sinceRecordedJobs,
    tag_list: sinceRecordedJobs,
    'pipeline.iid': sinceRecordedJobs,
    'pipeline.project_id': sinceRecordedJobs,
    'pipeline.source': sinceRecordedJobs,
    'pipeline.name': 'since 15.11',
    archived: 'since 18.x',
    source: 'since 17.10',
    runner_manager: 'since 16.4',
  },
  deployments: {
    ...newer,
    'deployable.archived': 'since 18.x',
    'deployable.source': 'since 17.10',
    'deployable.runner_manager': 'since 16.4',
    'deployable.pipeline.name': 'since 15.11',
  },
};

/** What the product reads of an answer. */
const read = {
  merge_requests: [
    'id',
    'iid',
    'project_id',
    'title',
    'description',
    'state',
    'created_at',
    'updated_at',
    'merged_at',
    'merge_user',
    'closed_at',
    'target_branch',
    'source_branch',
    'author',
    'labels',
    'draft',
    'sha',
    'merge_commit_sha',
    'squash_commit_sha',
    'references',
    'web_url',
  ],
  pipelines: ['id', 'iid', 'project_id', 'sha', 'ref', 'status', 'source', 'created_at', 'updated_at', 'web_url'],
  pipeline_details: [
    'user',
    'started_at',
    'finished_at',
    'duration',
    'queued_duration',
    'coverage',
    'tag',
    'before_sha',
    'detailed_status',
  ],
  jobs: [
    'id',
    'status',
    'stage',
    'name',
    'allow_failure',
    'created_at',
    'started_at',
    'finished_at',
    'duration',
    'web_url',
    'user',
    'commit',
    'pipeline',
  ],
  deployments: ['id', 'iid', 'ref', 'sha', 'created_at', 'updated_at', 'status', 'user', 'environment', 'deployable'],
} as const;

describe('the simulator beside recorded reality', () => {
  let acme: Acme;
  let receiver: HookReceiver;
  beforeAll(async () => {
    acme = await startAcme();
    receiver = await startHookReceiver();
    const { world, hooks } = acme.gitlab;
    const { project, nora } = acme;
    world.hooks.create(project, { url: receiver.url });
    const milestone = world.mergeRequests.createMilestone(project, { title: 'R1' });
    const mergeRequest = world.mergeRequests.create(project, {
      labels: ['bug'],
      assignees: [nora],
      reviewers: [nora],
      milestone,
      author: nora,
    });
    const jobs = [{ name: 'unit' }, { name: 'rollout', environment: 'production' }];
    const pipeline = world.pipelines.create(project, { jobs, ref: 'refs/merge-requests/1/head' });
    world.pipelines.create(project, { parent: pipeline });
    world.pipelines.start(pipeline);
    world.pipelines.finish(pipeline, { jobs: { unit: 'failed' } });
    const [deployable] = Array.isArray(pipeline.jobs) ? pipeline.jobs : [];
    world.deployments.create(project, {
      environment: 'production',
      ...(deployable === undefined ? {} : { deployable }),
    });
    world.mergeRequests.label(mergeRequest, { add: ['later'] });
    world.mergeRequests.merge(mergeRequest);
    const links = [{ name: 'setup', url: 'https://dl.example/setup', linkType: 'other' }] as const;
    world.releases.create(project, { tagName: 'v1', links });
    await hooks.idle();
  });
  afterAll(async () => {
    await acme.gitlab.stop();
    await receiver.stop();
  });

  const paths = {
    merge_requests: '/projects/1/merge_requests',
    pipelines: '/projects/1/pipelines',
    pipeline_details: '/projects/1/pipelines/1',
    jobs: '/projects/1/pipelines/1/jobs',
    deployments: '/projects/1/deployments',
  } as const;
  const names = ['merge_requests', 'pipelines', 'pipeline_details', 'jobs', 'deployments'] as const;

  it.each(names)('%s have no field that GitLab has not, and all that the product reads', async (name) => {
    const answer = (await ask(acme.gitlab, acme.token, paths[name])).json();
    const ours = fieldPaths(Array.isArray(answer) ? answer[0] : answer);
    for (const field of read[name]) expect(ours).toContain(field);
    if (!present('gitlab-recordings')) return;
    const reality = recorded(name);
    expect(unexplained(ours, reality, reasons[name] ?? {})).toEqual([]);
    for (const field of read[name]) expect(reality).toContain(field);
  });

  const documented: Readonly<Record<string, string>> = {
    '*.ci_config_path': 'of newer project objects; the release example has it',
    ref_protected: 'push since 16.x',
    push_options: 'push since 15.x',
    user_email: 'of pushes; the tag push example is shortened',
    message: 'of annotated tags',
    'object_attributes.source.id': 'of newer project objects',
    'object_attributes.target.id': 'of newer project objects',
    'object_attributes.draft': 'merge requests since 13.12',
    'object_attributes.merge_commit_sha': 'merge requests; the group example has it',
    'object_attributes.merge_user_id': 'merge requests; the group example has it',
    'object_attributes.head_pipeline_id': 'merge requests',
    'assignees[].email': 'users carry it everywhere, hidden unless public',
    'reviewers[].email': 'users carry it everywhere, hidden unless public',
    'reviewers[].state': 'reviewers on new versions',
    'reviewers[].re_requested': 'reviewers on new versions',
    'object_attributes.name': 'pipelines since 15.11',
    'object_attributes.protected_ref': 'pipelines since 17.x',
    'object_attributes.url': 'pipelines since 15.x',
    'commit.title': 'commits; other examples have it',
    build_created_at_iso: 'jobs since 18.x',
    build_started_at_iso: 'jobs since 18.x',
    build_finished_at_iso: 'jobs since 18.x',
    project: 'jobs since 15.x; the same object as with pipelines',
    environment_tier: 'deployments since 15.x',
  };
  const { project: _ofJobs, ...otherThanJobs } = documented;
  const hooks = [
    ['push', ['push']],
    ['tag_push', ['tag_push']],
    ['merge_request', ['merge_request']],
    ['pipeline', ['pipeline']],
    ['build', ['build', 'job']],
    ['release', ['release']],
    ['deployment', ['deployment']],
  ] as const;

  it.each(hooks)('a %s hook has no field that GitLab has not', (kind, files) => {
    const bodies = receiver.received.map(({ body }) => body).filter((body) => body['object_kind'] === kind);
    expect(bodies.length).toBeGreaterThan(0);
    if (!present('gitlab-webhooks')) return;
    const ours = union(bodies.map((body) => fieldPaths(body)));
    expect(unexplained(ours, webhook(...files), kind === 'build' ? documented : otherThanJobs)).toEqual([]);
  });
});
