import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { MemoryHost } from '@syncline/connector-testing';
import type { GitLabIssuesConfig } from './config.js';
import { PairWorld } from './testing/pair-world.js';

let pair: PairWorld;
beforeEach(async () => {
  pair = await PairWorld.start();
  pair.source.create('One', { description: 'Text', labels: ['old'] });
});
afterEach(() => pair.stop());

type Change = Parameters<PairWorld['source']['world']['issues']['update']>[1];

/** Both sides change the issue, the target `minutes` after the source. */
async function both(host: MemoryHost<GitLabIssuesConfig>, ours: Change, theirs: Change, minutes = 5): Promise<void> {
  const { source, target } = pair;
  pair.pass();
  source.world.issues.update(source.issue(1), ours, { by: source.nora });
  pair.pass(minutes);
  target.world.issues.update(target.issue(1), theirs, { by: target.nora });
  await pair.sync(host);
}

const shown = (host: MemoryHost<GitLabIssuesConfig>) =>
  host.store.pair.conflicts.map(({ field, base, left, right, state }) => [field, base, left, right, state]);

describe('a conflict', () => {
  it('is renewed by later edits, never doubled, and over when the sides agree', async () => {
    const { source, target } = pair;
    const host = pair.host({ bidirectional: true });
    await pair.sync(host);
    await both(host, { title: 'Ours' }, { title: 'Theirs' });
    expect(shown(host)).toEqual([['title', 'One', 'Ours', 'Theirs', 'open']]);
    pair.pass();
    source.world.issues.update(source.issue(1), { title: 'Ours, later' }, { by: source.nora });
    await pair.sync(host);
    expect(shown(host)).toEqual([['title', 'One', 'Ours, later', 'Theirs', 'open']]);
    // Other fields go on meanwhile.
    pair.pass();
    target.world.issues.update(target.issue(1), { dueDate: '2026-05-01', addLabels: ['new'] }, { by: target.nora });
    await pair.sync(host);
    expect(source.view(1)).toMatchObject({ title: 'Ours, later', dueDate: '2026-05-01', labels: ['new', 'old'] });
    expect(await pair.writesWhenSettled(host)).toEqual([]);
    pair.pass();
    target.world.issues.update(target.issue(1), { title: 'Ours, later' }, { by: target.nora });
    await pair.sync(host);
    expect(shown(host)).toEqual([['title', 'One', 'Ours, later', 'Theirs', 'closed']]);
    expect(await pair.writesWhenSettled(host)).toEqual([]);
    // The next one is a new one.
    await both(host, { title: 'A' }, { title: 'B' });
    expect(shown(host).map(([, base, , , state]) => [base, state])).toEqual([
      ['One', 'closed'],
      ['Ours, later', 'open'],
    ]);
  });

  it.each<[GitLabIssuesConfig['conflictPolicy'], number, string]>([
    ['source', 5, 'Ours'],
    ['target', 5, 'Theirs'],
    ['newest', 5, 'Theirs'],
  ])('is won by the %s where that was chosen', async (conflictPolicy, minutes, winner) => {
    const { source, target } = pair;
    const host = pair.host({ bidirectional: true, conflictPolicy });
    await pair.sync(host);
    await both(host, { title: 'Ours' }, { title: 'Theirs' }, minutes);
    expect([source.view(1).title, target.view(1).title]).toEqual([winner, winner]);
    expect(shown(host).filter(([, , , , state]) => state === 'open')).toEqual([]);
    expect(await pair.writesWhenSettled(host)).toEqual([]);
  });

  it('holds the whole issue where that was chosen, and lets it go when it is decided', async () => {
    const { source, target } = pair;
    const host = pair.host({ bidirectional: true, conflictGranularity: 'issue' });
    await pair.sync(host);
    await both(host, { title: 'Ours', dueDate: '2026-05-01' }, { title: 'Theirs', addLabels: ['theirs'] });
    expect([source.view(1).labels, target.view(1).dueDate]).toEqual([['old'], null]);
    const [conflict] = host.store.pair.conflicts;
    host.store.pair.decide(conflict?.linkId ?? '', 'title', { choice: 'left' });
    await pair.sync(host);
    expect(target.view(1)).toMatchObject({ title: 'Ours', dueDate: '2026-05-01', labels: ['old'] });
    expect(await pair.writesWhenSettled(host)).toEqual([]);
  });

  it('of texts is one only where both touched the same lines', async () => {
    const { source, target } = pair;
    pair.source.world.issues.update(source.issue(1), { description: 'One\n\nTwo\n\nThree' }, { by: source.nora });
    const host = pair.host({ bidirectional: true });
    await pair.sync(host);
    const copy = (from: string, to: string) => (target.issue(1).description ?? '').replace(from, to);
    await both(host, { description: 'One!\n\nTwo\n\nThree' }, { description: copy('Three', 'Three?') });
    expect(source.issue(1).description).toBe('One!\n\nTwo\n\nThree?');
    expect(shown(host)).toEqual([]);
    await both(host, { description: 'One!\n\n2\n\nThree?' }, { description: copy('Two', 'zwei') });
    expect(shown(host)).toEqual([['description', ...Array.from({ length: 3 }, () => expect.any(String)), 'open']]);
    expect(source.issue(1).description).toBe('One!\n\n2\n\nThree?');
  });

  it('ends with a link whose other side is deleted', async () => {
    const { target } = pair;
    const host = pair.host({ bidirectional: true });
    await pair.sync(host);
    await both(host, { title: 'Ours' }, { title: 'Theirs' });
    target.world.issues.delete(target.issue(1));
    await pair.sync(host, { mode: 'full' });
    expect(shown(host)).toEqual([['title', 'One', 'Ours', 'Theirs', 'closed']]);
  });
});
