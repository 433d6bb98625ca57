import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { Issue, Tracker } from '@syncline/connector-sdk';
import { endpoints, TrackerWorld } from '../../test/tracker-world.js';

let acme: TrackerWorld;
let tracker: Tracker;

async function start(edition: 'free' | 'ee' = 'free'): Promise<void> {
  acme = await TrackerWorld.start({ edition });
  tracker = acme.tracker();
}
beforeEach(() => start());
afterEach(() => acme.gitLab.stop());

async function made(more: Partial<Parameters<Tracker['create']>[0]> = {}): Promise<Issue> {
  acme.pass();
  const issue = await tracker.create({ title: 'One', description: 'Text', ...more });
  acme.pass();
  return issue;
}

describe('creating', () => {
  it('writes every field in one request, once the people are known', async () => {
    const milestone = await tracker.createMilestone({
      title: 'R1',
      description: '',
      state: 'active',
      startDate: null,
      dueDate: null,
    });
    await tracker.findUser('NORA');
    const { result, asked } = await acme.requestsOf(() =>
      made({
        labels: ['bug', 'a,b', ''],
        assignees: ['nora', 'nobody-here'],
        milestone: milestone.key,
        dueDate: '2026-05-06',
        confidential: true,
      }),
    );
    expect(result).toMatchObject({
      title: 'One',
      description: 'Text',
      labels: ['bug'],
      assignees: ['nora'],
      milestone: { key: milestone.key, title: 'R1' },
      dueDate: '2026-05-06',
      confidential: true,
      author: { username: 'sync-bot' },
    });
    expect(endpoints(asked)).toEqual(['GET /users', 'POST /projects/:id/issues']);
  });

  it('keeps what GitLab makes of it: one assignee on Free, a trimmed title', async () => {
    const ben = acme.member('ben', 'developer');
    const issue = await made({ title: '  Wide  ', assignees: ['nora', ben.username] });
    expect(issue).toMatchObject({ title: 'Wide', assignees: ['nora'] });
  });

  it('keeps several assignees and the weight where the plan has them', async () => {
    await acme.gitLab.stop();
    await start('ee');
    acme.member('ben', 'developer');
    const issue = await made({ assignees: ['nora', 'ben'], weight: 3 });
    expect(issue).toMatchObject({ weight: 3 });
    expect([...issue.assignees].sort()).toEqual(['ben', 'nora']);
    const { current } = await tracker.update(issue.key, { weight: null }, issue.version);
    expect(current.weight).toBeNull();
  });

  it('says that nothing happened when GitLab refuses, and that it may have happened when it stumbles', async () => {
    await expect(tracker.create({ title: 'x'.repeat(256), description: '' })).rejects.toMatchObject({
      kind: 'permanent',
      status: 400,
    });
    const stumbles = ['bad_gateway_after', 'reset_after', 'truncated_json', 'error500'] as const;
    for (const kind of stumbles) {
      acme.gitLab.faults.add({ kind, match: { method: 'POST', path: /issues$/ }, times: 1 });
      const mark = acme.gitLab.requests.mark();
      await expect(tracker.create({ title: kind, description: '' })).rejects.toMatchObject({ kind: 'transient' });
      expect(acme.gitLab.requests.since(mark)).toHaveLength(1);
    }
    const titles = [...acme.project.issues.byIid.values()].map(({ title }) => title);
    expect(titles).toEqual(expect.arrayContaining(['bad_gateway_after', 'reset_after', 'truncated_json']));
  });

  it('is sent once more when GitLab said that it was too much', async () => {
    acme.gitLab.faults.add({ kind: 'rate_limited', match: { method: 'POST' }, times: 2, retryAfterSeconds: 0 });
    await made();
    expect(acme.project.issues.byIid.size).toBe(1);
  });

  it('explains what is missing where it is denied: a scope, or a project that takes changes', async () => {
    const reader = acme.tracker(acme.bot, {}, acme.project, ['read_api']);
    await expect(reader.create({ title: 'One', description: '' })).rejects.toMatchObject({
      kind: 'auth',
      message: expect.stringContaining('may not write'),
      hint: expect.stringContaining('scope api'),
    });
    acme.project.archived = true;
    await expect(tracker.create({ title: 'One', description: '' })).rejects.toMatchObject({
      kind: 'permanent',
      status: 403,
      hint: expect.stringContaining('archived'),
    });
  });
});

describe('updating', () => {
  it('reads first, then changes what was asked and nothing else', async () => {
    const issue = await made({ labels: ['bug'], dueDate: '2026-05-06', assignees: ['nora'] });
    const { result, asked } = await acme.requestsOf(() =>
      tracker.update(issue.key, { title: 'Two', state: 'closed' }, issue.version),
    );
    expect(result).toMatchObject({
      stale: false,
      current: { title: 'Two', state: 'closed', description: 'Text', labels: ['bug'], dueDate: '2026-05-06' },
    });
    expect(endpoints(asked)).toEqual(['GET /projects/:id/issues/:iid', 'PUT /projects/:id/issues/:iid']);
    expect(result.current.version).not.toBe(issue.version);
    const reopened = await tracker.update(issue.key, { state: 'opened' }, result.current.version);
    expect(reopened.current.state).toBe('opened');
  });

  it('clears as well as it sets', async () => {
    const milestone = acme.world.milestones.create(acme.project, { title: 'R1' });
    const issue = await made({
      labels: ['bug'],
      assignees: ['nora'],
      milestone: String(milestone.id),
      dueDate: '2026-05-06',
      confidential: true,
    });
    const { current } = await tracker.update(
      issue.key,
      {
        description: '',
        labels: { add: [], remove: ['bug'], value: [] },
        assignees: { add: [], remove: ['nora'], value: [] },
        milestone: null,
        dueDate: null,
        confidential: false,
      },
      issue.version,
    );
    expect(current).toMatchObject({
      description: '',
      labels: [],
      assignees: [],
      milestone: null,
      dueDate: null,
      confidential: false,
    });
  });

  it('writes nothing over a change it has not seen, and hands that back', async () => {
    const issue = await made();
    const [row] = acme.project.issues.byIid.values();
    if (row === undefined) throw new Error('no issue');
    acme.world.issues.update(row, { title: 'By hand' }, { by: acme.nora });
    const { result, asked } = await acme.requestsOf(() => tracker.update(issue.key, { title: 'By us' }, issue.version));
    expect(result).toMatchObject({ stale: true, current: { title: 'By hand' } });
    expect(asked).toHaveLength(1);
    const again = await tracker.update(issue.key, { title: 'By us' }, result.current.version);
    expect(again).toMatchObject({ stale: false, current: { title: 'By us' } });
  });

  it('adds and removes labels and people that others left alone', async () => {
    await acme.gitLab.stop();
    await start('ee');
    acme.member('ben', 'developer');
    acme.member('zoe', 'developer');
    const issue = await made({ labels: ['ours'], assignees: ['nora'] });
    const [row] = acme.project.issues.byIid.values();
    if (row === undefined) throw new Error('no issue');
    const zoe = [...acme.world.users.byId.values()].find(({ username }) => username === 'zoe');
    if (zoe === undefined) throw new Error('no zoe');
    acme.world.issues.update(row, { addLabels: ['theirs'], assignees: [...row.assignees, zoe] }, { by: acme.nora });
    const seen = (await tracker.find([issue.key])).get(issue.key);
    const { current } = await tracker.update(
      issue.key,
      {
        labels: { add: ['new'], remove: ['ours'], value: ['new'] },
        assignees: { add: ['ben'], remove: ['nora'], value: ['ben'] },
      },
      seen?.version,
    );
    expect(current.labels).toEqual(['new', 'theirs']);
    expect([...current.assignees].sort()).toEqual(['ben', 'zoe']);
  });

  it('needs no read for an issue that only we know of, and no write for an empty patch', async () => {
    const issue = await made();
    const blind = await acme.requestsOf(() => tracker.update(issue.key, { state: 'closed' }));
    expect(blind.asked).toHaveLength(1);
    const empty = await acme.requestsOf(() =>
      tracker.update(issue.key, { labels: { add: [], remove: [], value: [] } }),
    );
    expect(empty.asked.map(({ method }) => method)).toEqual(['GET']);
    expect(empty.result.current.state).toBe('closed');
  });

  it('of what is gone or never was fails as not done', async () => {
    await expect(tracker.update('77', { title: 'x' }, 'v')).rejects.toMatchObject({ kind: 'permanent', status: 404 });
    await expect(tracker.update('77', { title: 'x' })).rejects.toMatchObject({ kind: 'permanent', status: 404 });
    await expect(tracker.update('../../user', { title: 'x' })).rejects.toMatchObject({ status: 404 });
  });

  it('whose answer was lost may have happened', async () => {
    const issue = await made();
    acme.gitLab.faults.add({ kind: 'reset_after', match: { method: 'PUT' }, times: 1 });
    await expect(tracker.update(issue.key, { title: 'Two' })).rejects.toMatchObject({ kind: 'transient' });
    expect((await tracker.find([issue.key])).get(issue.key)?.title).toBe('Two');
  });
});
