import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { VirtualClock } from '@syncline/connector-testing';
import { PairWorld } from './testing/pair-world.js';

let pair: PairWorld;
beforeEach(async () => {
  pair = await PairWorld.start();
});
afterEach(() => pair.stop());

describe('an issue that was set aside', () => {
  it('is so no longer once any run has copied it, whether it was due or not', async () => {
    const { source, target } = pair;
    source.create('One');
    target.gitLab.faults.add({ kind: 'unprocessable', match: { method: 'POST', path: /\/issues$/ }, times: 1 });
    const host = pair.host();
    expect((await host.run()).status).toBe('partial');
    expect(host.store.setAsides).toHaveLength(1);
    // The list of changes overlaps: the issue is read again before its wait is over.
    expect((await host.run()).status).toBe('succeeded');
    expect(target.issues).toHaveLength(1);
    expect(host.store.setAsides).toEqual([]);
  });

  it('waits longer each time it is refused', async () => {
    const { source, target } = pair;
    target.world.trackerSettings.spam = /casino/;
    source.create('Best casino in town');
    const host = pair.host();
    for (const attempts of [1, 2, 3, 4]) {
      await host.run();
      expect(host.store.setAsides.map((item) => item.attempts)).toEqual([attempts]);
      pair.pass(60);
    }
  });
});

describe('an issue that people asked for', () => {
  it('and that is not there is told of by name, and nothing else is', async () => {
    pair.source.create('One');
    const host = pair.host();
    const told = async (key: string) =>
      (await pair.sync(host, { mode: 'wake', items: [{ side: 'left', key }] })).logs
        .filter(({ level }) => level === 'warn')
        .map(({ message }) => message);
    expect(await told('99')).toEqual(['acme/source has no issue 99, or the account may not see it.']);
    expect(await told('1')).toEqual([]);
    expect(pair.target.issues).toHaveLength(1);
    pair.target.world.issues.delete(pair.target.issue(1));
    await pair.sync(host, { mode: 'full' });
    expect(await told('1')).toEqual(['What issue 1 was linked to is gone: it is not copied again.']);
  });
});

describe('copies that a run had begun or was about to begin', () => {
  it('are made by the next one at once where nothing was sent for them: a token revoked in the middle', async () => {
    const { source, target } = pair;
    for (let number = 1; number <= 40; number += 1) source.create(`Issue ${number}`);
    const host = pair.host();
    target.gitLab.faults.add({ kind: 'unauthorized', match: { method: 'POST', path: /\/issues$/, nth: 10 }, times: 1 });
    const outcome = await host.run();
    expect([outcome.status, outcome.error?.kind]).toEqual(['failed', 'auth']);
    await pair.sync(host);
    expect(target.issues).toHaveLength(40);
    expect(host.store.setAsides).toEqual([]);
  });

  it('are waited for without failing the run, and are no longer set aside when they were made', async () => {
    const { source, target } = pair;
    for (let number = 1; number <= 12; number += 1) source.create(`Issue ${number}`);
    const host = pair.host();
    target.gitLab.faults.add({ kind: 'reset_before', match: { method: 'POST', path: /\/issues$/ }, times: 12 });
    expect((await host.run()).status).toBe('failed');
    source.create('Written meanwhile');
    expect((await host.run()).status).toBe('partial');
    expect(target.issues.map(({ title }) => title)).toContain('Written meanwhile');
    await pair.sync(host);
    expect(target.issues).toHaveLength(13);
    expect(host.store.setAsides).toEqual([]);
    expect(await pair.writesWhenSettled(host)).toEqual([]);
  });

  it('are found where the clock of the other GitLab is hours behind', async () => {
    await pair.stop();
    const clock = new VirtualClock(new Date('2026-03-02T06:00:00.000Z'));
    const late = { now: () => new Date(clock.now().getTime() - 3 * 3_600_000) };
    pair = await PairWorld.start(clock, { target: late });
    pair.source.create('One');
    const host = pair.host();
    pair.target.gitLab.faults.add({ kind: 'reset_after', match: { method: 'POST', path: /\/issues$/ }, times: 1 });
    expect((await host.run()).status).toBe('partial');
    await pair.sync(host);
    expect(pair.target.issues.map(({ title }) => title)).toEqual(['One']);
    expect(await pair.writesWhenSettled(host)).toEqual([]);
  });
});
