import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from '@jest/globals';
import { FaultProxy, MemoryHost, VirtualClock } from '@syncline/connector-testing';
import { describeWithRecordings } from '../../../test/support/capabilities.js';
import { connector } from './connector.js';
import { metadata } from './testing/gitlab-world.js';

/** Answers like a GitLab that holds exactly the recorded objects of one project. */
function answerFrom(folder: string): (url: string) => { status: number; body: unknown } {
  const rows = (name: string): { id: number; iid?: number }[] =>
    readFileSync(join(folder, 'gitlab-recordings', `${name}.jsonl`), 'utf8')
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as { id: number });
  const project = { id: 7, path_with_namespace: 'acme/web', name: 'Web', web_url: 'https://gl.example/acme/web' };
  const [mergeRequests, deployments, failedJobs] = [rows('merge_requests'), rows('deployments'), rows('jobs')];
  const pipelines = [...rows('pipelines'), ...rows('pipeline_details')];
  return (url) => {
    const { pathname } = new URL(url, 'http://gitlab');
    const path = pathname.replace(/^.*\/projects\/7/, '');
    const id = Number(/^\/pipelines\/(\d+)$/.exec(path)?.[1]);
    if (Number.isInteger(id)) return { status: 200, body: { user: null, ...pipelines.find((one) => one.id === id) } };
    if (/\/jobs$/.test(path)) return { status: 200, body: failedJobs.slice(0, 3) };
    if (/\/approvals$/.test(path)) return { status: 200, body: { approved: true, approved_by: [] } };
    const lists: Record<string, unknown> = {
      '': project,
      '/merge_requests': mergeRequests,
      '/pipelines': pipelines,
      '/deployments': deployments,
    };
    return { status: 200, body: lists[path] ?? [] };
  };
}

describeWithRecordings('recorded answers of a real GitLab', (folder) => {
  it('all become events, and the same ones when they are read again', async () => {
    const clock = new VirtualClock();
    const answer = answerFrom(folder);
    const proxy = await FaultProxy.start('http://127.0.0.1:9', clock.now);
    proxy.misbehave(({ url }) => {
      const { status, body } = answer(url);
      return { kind: 'answer', status, headers: { 'x-next-page': '' }, body: JSON.stringify(body) };
    });
    const instance = {
      id: 'i',
      kind: 'gitlab',
      name: 'G',
      baseUrl: proxy.url,
      credentials: { token: 'glpat-recorded' },
    };
    const host = new MemoryHost({ connector, metadata, config: { instance, projects: [7] }, clock });
    try {
      const first = await host.run();
      expect([first.status, first.error, first.failures]).toEqual(['succeeded', undefined, []]);
      expect(host.store.setAsides).toEqual([]);
      const types = [...host.store.events.values()].map(({ eventType }) => eventType);
      expect(types.filter((type) => type === 'pipeline').length).toBeGreaterThanOrEqual(29);
      expect(types.filter((type) => type === 'merge_request').length).toBeGreaterThan(0);
      expect(types.filter((type) => type === 'deployment').length).toBeGreaterThan(0);
      const again = await host.run({ mode: 'full' });
      expect([again.status, again.stored.created, again.stored.updated]).toEqual(['succeeded', 0, 0]);
    } finally {
      await proxy.stop();
    }
  });
});
