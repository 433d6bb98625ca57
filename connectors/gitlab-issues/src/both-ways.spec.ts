import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { MemoryHost } from '@syncline/connector-testing';
import type { GitLabIssuesConfig } from './config.js';
import { PairWorld } from './testing/pair-world.js';

let pair: PairWorld;
let host: MemoryHost<GitLabIssuesConfig>;
beforeEach(async () => {
  pair = await PairWorld.start();
  host = pair.host({ bidirectional: true, unmappedUsers: 'same-username' });
  pair.source.create('From the source', { description: 'One\n\nTwo\n\nThree' });
  pair.target.create('From the target');
  await pair.sync(host);
});
afterEach(() => pair.stop());

describe('edits', () => {
  it('flow both ways, of different fields and of different lines', async () => {
    const { source, target } = pair;
    expect([source.issues.length, target.issues.length]).toEqual([2, 2]);
    pair.pass();
    const copy = target.issues.find(({ title }) => title === 'From the source');
    if (copy === undefined) throw new Error('no copy');
    source.world.issues.update(
      source.issue(1),
      { title: 'Renamed', description: 'One!\n\nTwo\n\nThree' },
      { by: source.nora },
    );
    const edited = (copy.description ?? '').replace('Three', 'Three!');
    target.world.issues.update(
      copy,
      { addLabels: ['urgent'], dueDate: '2026-05-01', description: edited },
      { by: target.nora },
    );
    await pair.sync(host);
    for (const [side, iid] of [
      [source, 1],
      [target, copy.iid],
    ] as const) {
      const view = side.view(iid);
      expect(view).toMatchObject({ title: 'Renamed', labels: ['urgent'], dueDate: '2026-05-01' });
      expect(view.text).toContain('One!\n\nTwo\n\nThree!');
    }
    expect(source.issue(1).description).toBe('One!\n\nTwo\n\nThree!');
    expect(await pair.writesWhenSettled(host)).toEqual([]);
  });

  it('clear as well as they set', async () => {
    const { source, target } = pair;
    const milestone = source.world.milestones.create(source.project, { title: 'R1' });
    const change = { labels: ['bug'], milestone, dueDate: '2026-05-01', assignees: [source.nora] };
    source.world.issues.update(source.issue(1), change, { by: source.nora });
    await pair.sync(host);
    const copy = target.issues.find(({ title }) => title === 'From the source');
    if (copy === undefined) throw new Error('no copy');
    expect(target.view(copy.iid)).toMatchObject({ labels: ['bug'], milestone: 'R1', assignees: ['nora'] });
    pair.pass();
    target.world.issues.update(
      copy,
      { labels: [], milestone: null, dueDate: null, assignees: [] },
      { by: target.nora },
    );
    await pair.sync(host);
    expect(source.view(1)).toMatchObject({ labels: [], milestone: null, dueDate: null, assignees: [] });
  });

  it('of one field on both sides wait for a decision, once, while the others go on', async () => {
    const { source, target } = pair;
    const copy = target.issues.find(({ title }) => title === 'From the source');
    if (copy === undefined) throw new Error('no copy');
    pair.pass();
    source.world.issues.update(source.issue(1), { title: 'Ours', dueDate: '2026-05-01' }, { by: source.nora });
    target.world.issues.update(copy, { title: 'Theirs' }, { by: target.nora });
    await pair.sync(host);
    await pair.sync(host);
    expect(host.store.pair.conflicts.map(({ field, left, right, state }) => [field, left, right, state])).toEqual([
      ['title', 'Ours', 'Theirs', 'open'],
    ]);
    expect(target.view(copy.iid)).toMatchObject({ title: 'Theirs', dueDate: '2026-05-01' });
    const [link] = host.store.pair.all().filter(({ kind, state }) => kind === 'issue' && state === 'conflicted');
    host.store.pair.decide(link?.id ?? '', 'title', { choice: 'left' });
    await pair.sync(host);
    expect(target.view(copy.iid).title).toBe('Ours');
    expect(await pair.writesWhenSettled(host)).toEqual([]);
  });

  it('wake by webhooks touch the named issue only', async () => {
    const { source, target } = pair;
    pair.pass();
    source.world.issues.update(source.issue(1), { title: 'Named' }, { by: source.nora });
    const other = target.issue(1);
    target.world.issues.update(other, { title: 'Not named' }, { by: target.nora });
    const wakes = [{ stream: 'issues', scope: String(source.project.id), item: '1' }];
    const { asked } = await pair.requestsOf(() => pair.sync(host, { mode: 'wake', wakes }));
    expect(target.issues.map(({ title }) => title).sort()).toEqual(['Named', 'Not named']);
    expect(source.issues.map(({ title }) => title).sort()).toEqual(['From the target', 'Named']);
    expect(asked.filter(({ method }) => method !== 'GET')).toHaveLength(1);
    const own = [{ stream: 'issues', scope: String(target.project.id), item: '2' }];
    const echo = await pair.requestsOf(() => pair.sync(host, { mode: 'wake', wakes: own }));
    expect(echo.asked.every(({ method }) => method === 'GET')).toBe(true);
    expect(echo.asked.length).toBeLessThanOrEqual(4);
  });
});

describe('comments', () => {
  it('are copied oldest first with their author named, edits follow, nothing is said twice', async () => {
    const { source, target } = pair;
    pair.pass();
    const first = source.world.notes.create(source.issue(1), {
      body: 'First /close @nora\n\n    /close\n',
      by: source.nora,
      thread: true,
    });
    pair.pass(1);
    source.world.notes.create(source.issue(1), { body: 'Second', by: source.nora, inReplyTo: first });
    await pair.sync(host);
    const copy = target.issues.find(({ title }) => title === 'From the source');
    if (copy === undefined) throw new Error('no copy');
    const texts = target.view(copy.iid).comments.map(({ body }) => body);
    expect(texts).toHaveLength(2);
    expect(texts[0]).toMatch(/^\*\*Nora Q\*\*/);
    expect(texts[0]).toContain('First /close');
    expect(texts[1]).toContain('Second');
    expect(copy.state).toBe('opened');
    pair.pass();
    source.world.notes.update(first, 'First, edited', { by: source.nora });
    target.world.notes.create(copy, { body: 'An answer from over there', by: target.nora });
    await pair.sync(host);
    expect(target.view(copy.iid).comments[0]?.body).toContain('First, edited');
    expect(source.view(1).comments.at(-1)?.body).toContain('An answer from over there');
    expect(await pair.writesWhenSettled(host)).toEqual([]);
    const mails = target.world.notifications.all.filter(
      ({ by, reason }) => by === target.bot && reason.includes('mention'),
    );
    expect(mails).toEqual([]);
  });
});
