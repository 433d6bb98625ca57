import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { startAcme, type Acme } from './testing/acme.js';
import { ask, pluck } from './testing/ask.js';

describe('pipelines', () => {
  let acme: Acme;
  beforeEach(async () => {
    acme = await startAcme();
  });
  afterEach(async () => {
    await acme.gitlab.stop();
  });
  const base = '/projects/1/pipelines';

  it('run, fail at a job, and come back to life under the same id', async () => {
    const { gitlab, project, token, pass } = acme;
    const { pipelines } = gitlab.world;
    const pipeline = pipelines.create(project);
    pass(2000);
    pipelines.start(pipeline);
    pass(60_000);
    pipelines.finish(pipeline, { jobs: { unit: { failureReason: 'runner_system_failure' } }, coverage: 81.4 });
    expect((await ask(gitlab, token, `${base}/1`)).object()).toMatchObject({
      status: 'failed',
      duration: 60,
      queued_duration: 2,
      coverage: '81.40',
      user: { username: 'root' },
    });
    const failed = (await ask(gitlab, token, `${base}/1/jobs?scope[]=failed`)).rows();
    expect(failed).toMatchObject([
      { name: 'unit', stage: 'test', failure_reason: 'runner_system_failure', duration: expect.closeTo(60, 3) },
    ]);
    const trace = await ask(gitlab, token, `/projects/1/jobs/${String(failed[0]?.['id'])}/trace`);
    expect(trace.headers.get('content-type')).toContain('text/plain');
    pass(1000);
    pipelines.retry(pipeline);
    expect((await ask(gitlab, token, `${base}/1`)).object()).toMatchObject({ status: 'running', finished_at: null });
    expect((await ask(gitlab, token, `${base}/1/jobs`)).rows()).toHaveLength(3);
    expect((await ask(gitlab, token, `${base}/1/jobs?include_retried=true`)).rows()).toHaveLength(4);
    pipelines.finish(pipeline);
    expect((await ask(gitlab, token, `${base}?updated_after=2026-03-04T05:07:10Z`)).rows()).toMatchObject([
      { id: 1, status: 'success' },
    ]);
  });

  it('succeed although a job failed that may fail', async () => {
    const { gitlab, project, token } = acme;
    const jobs = [{ name: 'lint', allowFailure: true }, { name: 'unit' }];
    gitlab.world.pipelines.finish(gitlab.world.pipelines.create(project, { jobs }), { jobs: { lint: 'failed' } });
    expect((await ask(gitlab, token, `${base}/1`)).object()).toHaveProperty('status', 'success');
    const rows = (await ask(gitlab, token, `${base}/1/jobs?scope[]=failed`)).rows();
    expect(rows).toMatchObject([{ name: 'lint', allow_failure: true }]);
  });

  it('hide their children and show the bridge', async () => {
    const { gitlab, project, token } = acme;
    const parent = gitlab.world.pipelines.create(project);
    const child = gitlab.world.pipelines.create(project, { parent });
    expect(pluck((await ask(gitlab, token, base)).rows(), 'id')).toEqual([parent.id]);
    expect(pluck((await ask(gitlab, token, `${base}?source=parent_pipeline`)).rows(), 'id')).toEqual([child.id]);
    const [bridge] = (await ask(gitlab, token, `${base}/${parent.id}/bridges`)).rows();
    expect(bridge).toMatchObject({ downstream_pipeline: { id: child.id } });
    expect(bridge).not.toHaveProperty('artifacts');
  });

  it('may never have been updated, be of an unknown status, or lack their user', async () => {
    const { gitlab, project, token } = acme;
    const { pipelines } = gitlab.world;
    pipelines.create(project, { neverUpdated: true, source: 'external', status: 'running', user: null });
    pipelines.setStatus(pipelines.create(project), 'waiting_for_godot');
    const ascending = (await ask(gitlab, token, `${base}?order_by=updated_at&sort=asc`)).rows();
    expect(ascending).toMatchObject([{ status: 'waiting_for_godot' }, { id: 1, updated_at: null }]);
    expect(pluck((await ask(gitlab, token, `${base}?updated_after=2020-01-01`)).rows(), 'id')).toEqual([2]);
    expect((await ask(gitlab, token, `${base}/1`)).object()).toMatchObject({ user: null, started_at: null });
  });

  it('are found by ref, status, source, sha and name', async () => {
    const { gitlab, project, token } = acme;
    const ids = async (query: string) => pluck((await ask(gitlab, token, `${base}?${query}`)).rows(), 'id');
    gitlab.world.pipelines.create(project, { name: 'nightly', source: 'schedule', status: 'success' });
    const sha = 'a'.repeat(40);
    gitlab.world.pipelines.create(project, { ref: 'refs/merge-requests/1/head', sha, source: 'merge_request_event' });
    expect(await ids('ref=main')).toEqual([1]);
    expect(await ids('status=success')).toEqual([1]);
    expect(await ids('scope=finished')).toEqual([1]);
    expect(await ids('source=merge_request_event')).toEqual([2]);
    expect(await ids(`sha=${sha}`)).toEqual([2]);
    expect(await ids('name=nightly')).toEqual([1]);
    expect((await ask(gitlab, token, `${base}/latest`)).object()).toHaveProperty('id', 1);
    expect((await ask(gitlab, token, `${base}/77`)).status).toBe(404);
    expect((await ask(gitlab, token, '/projects/1/jobs/777')).status).toBe(404);
  });
});
