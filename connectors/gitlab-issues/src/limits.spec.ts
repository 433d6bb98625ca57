import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { PairWorld } from './testing/pair-world.js';

let pair: PairWorld;
beforeEach(async () => {
  pair = await PairWorld.start();
});
afterEach(() => pair.stop());

describe('what the other side does not keep', () => {
  it('is remembered and not written again: a second assignee on Free', async () => {
    await pair.stop();
    pair = await PairWorld.start(undefined, { source: { edition: 'ee' } });
    const { source, target } = pair;
    const ben = source.member('ben', 'developer');
    target.member('ben', 'developer');
    source.create('For two', { assignees: [ben, source.nora], weight: 5 });
    const host = pair.host({ unmappedUsers: 'same-username', bidirectional: true });
    await pair.sync(host);
    expect(target.view(1).assignees).toHaveLength(1);
    expect(await pair.writesWhenSettled(host)).toEqual([]);
    expect(source.issue(1).assignees).toHaveLength(2);
    expect(source.issue(1).weight).toBe(5);
  });

  it('may be an issue: it is set aside with its cause, the others flow, and it goes through once it can', async () => {
    const { source, target } = pair;
    target.world.trackerSettings.spam = /casino/;
    source.create('Good');
    const bad = source.create('Best casino in town');
    source.create('Also good');
    const host = pair.host();
    pair.pass();
    const outcome = await host.run();
    expect(outcome.status).toBe('partial');
    expect(target.issues.map(({ title }) => title).sort()).toEqual(['Also good', 'Good']);
    expect(host.store.setAsides.map(({ item, error }) => [item, error.kind, error.message.includes('pam')])).toEqual([
      [String(bad.iid), 'permanent', true],
    ]);
    target.world.trackerSettings.spam = null;
    await pair.sync(host, { mode: 'wake', items: [{ side: 'left', key: String(bad.iid) }] });
    expect(target.issues).toHaveLength(3);
    expect(host.store.setAsides).toEqual([]);
    expect(await pair.writesWhenSettled(host)).toEqual([]);
  });
});

describe('labels and milestones', () => {
  it('that were renamed, moved or closed follow in the full pass', async () => {
    const { source, target } = pair;
    const milestone = source.world.milestones.create(source.project, { title: 'R1' });
    source.create('One', { labels: ['old'], milestone });
    const host = pair.host();
    await pair.sync(host);
    const label = source.world.labels.find(source.project, 'old');
    if (label === undefined) throw new Error('no label');
    pair.pass();
    source.world.labels.update(label, { name: 'new' });
    source.world.milestones.update(milestone, { title: 'Release 1', dueDate: '2026-09-30', state: 'closed' });
    await pair.sync(host, { mode: 'full' });
    expect(target.view(1)).toMatchObject({ labels: ['new'], milestone: 'Release 1' });
    const [copied] = target.project.milestones.values();
    expect(copied).toMatchObject({ title: 'Release 1', dueDate: '2026-09-30', state: 'closed' });
    expect(target.project.milestones.size).toBe(1);
    expect(await pair.writesWhenSettled(host)).toEqual([]);
  });

  it('of the target are left alone: its own labels stay', async () => {
    const { source, target } = pair;
    source.create('One', { labels: ['ours'] });
    const host = pair.host();
    await pair.sync(host);
    pair.pass();
    target.world.issues.label(target.issue(1), { add: ['theirs'] }, { by: target.nora });
    source.world.issues.label(source.issue(1), { add: ['more'] }, { by: source.nora });
    await pair.sync(host);
    expect(target.view(1).labels).toEqual(['more', 'ours', 'theirs']);
    expect(source.view(1).labels).toEqual(['more', 'ours']);
  });
});

describe('answers that get lost', () => {
  it.each(['bad_gateway_after', 'reset_after', 'truncated_json'] as const)(
    'after the effect (%s) make nothing twice',
    async (kind) => {
      const { source, target } = pair;
      const issue = source.create('One', { labels: ['bug'] });
      source.world.notes.create(issue, { body: 'First', by: source.nora });
      source.world.notes.create(issue, { body: 'Second', by: source.nora });
      const host = pair.host();
      for (const path of [/issues$/, /notes$/, /labels$/]) {
        target.gitLab.faults.add({ kind, match: { method: 'POST', path }, times: 1 });
      }
      for (let run = 1; run <= 5; run += 1) {
        pair.pass(30);
        await host.run();
      }
      await pair.sync(host);
      expect(target.issues.map(({ title }) => title)).toEqual(['One']);
      expect(target.view(1).comments.map(({ body }) => body.split('\n').at(-1))).toEqual(['First', 'Second']);
      expect(host.store.setAsides).toEqual([]);
      expect(await pair.writesWhenSettled(host)).toEqual([]);
    },
  );
});
