import { describe, expect, it } from '@jest/globals';
import { ConnectorError, type ChangeEvent, type Connector, type SyncSession } from '@syncline/connector-sdk';
import { exampleMetadata } from '../contract/testing/example-metadata.js';
import { MemoryHost, type RunOptions } from './memory-host.js';
import { VirtualClock } from './virtual-clock.js';

const day = new Date('2026-01-05T10:00:00.000Z');

function event(number: number): ChangeEvent {
  return {
    eventId: `note-1-${number}`,
    version: { updatedAt: day },
    eventType: 'note',
    title: `Note ${number}`,
    status: 'written',
    project: { id: '1', path: 'acme' },
    occurredAt: day,
    metadata: {},
  };
}

function hostOf(
  sync: (session: SyncSession) => Promise<void>,
  clock = new VirtualClock(),
): MemoryHost<Record<string, never>> {
  const connector: Connector<Record<string, never>> = {
    check: () => Promise.resolve({ steps: [] }),
    sync: async (session) => {
      await sync(session);
      return { fetched: 0, stored: 0 };
    },
  };
  return new MemoryHost({ connector, metadata: exampleMetadata, config: {}, clock });
}

describe('the memory host', () => {
  const threeCommits = async (session: SyncSession): Promise<void> => {
    for (const number of [1, 2, 3]) await session.commit('notes', { events: [event(number)] }, { number });
  };
  const stored = async (options: RunOptions): Promise<unknown[]> => {
    const host = hostOf(threeCommits);
    const { status, error } = await host.run(options);
    return [[...host.store.events.keys()].length, host.store.checkpoint('notes'), status, error?.kind];
  };

  it('stores what was committed before a death, and nothing after', async () => {
    expect(await stored({ dieAfterCommit: 2 })).toEqual([2, { number: 2 }, 'failed', 'interrupted']);
  });

  it('stores nothing of a commit that fails', async () => {
    expect(await stored({ failCommit: 2 })).toEqual([1, { number: 1 }, 'failed', 'transient']);
  });

  it('stores nothing once the lease is lost', async () => {
    expect(await stored({ loseLeaseAtCommit: 1 })).toEqual([0, undefined, 'failed', 'interrupted']);
  });

  it('hands items out again when they are due, and forgets them once their event is known', async () => {
    const clock = new VirtualClock();
    const due: string[][] = [];
    const broken = new ConnectorError('permanent', 'unreadable');
    const host = hostOf(async (session) => {
      due.push([...(await session.dueItems('notes'))]);
      await session.commit('notes', { setAside: [{ item: 'note-1-9', error: broken }] }, undefined);
    }, clock);
    await host.run();
    await host.run();
    clock.advance(121_000);
    const outcome = await host.run();
    expect(outcome.status).toBe('partial');
    expect(due).toEqual([[], [], ['note-1-9']]);

    const healed = new MemoryHost({
      connector: {
        check: () => Promise.resolve({ steps: [] }),
        sync: async (session) => {
          await session.commit('notes', { events: [event(9)] }, undefined);
          return { fetched: 1, stored: 1 };
        },
      },
      metadata: exampleMetadata,
      config: {},
      clock,
      store: host.store,
    });
    expect((await healed.run()).status).toBe('succeeded');
    expect(host.store.setAsides).toEqual([]);
  });

  it('refuses to link one item twice', async () => {
    const ref = (key: string): { instanceId: string; projectId: string; key: string } => ({
      instanceId: 'i',
      projectId: '1',
      key,
    });
    const host = hostOf(async ({ links }) => {
      const [first] = await links.intend([{ kind: 'issue', left: ref('1') }]);
      const [again] = await links.intend([{ kind: 'issue', left: ref('1') }]);
      expect(again?.id).toBe(first?.id);
      await links.confirm([{ id: first?.id ?? '', right: ref('8') }]);
      const [other] = await links.intend([{ kind: 'issue', left: ref('2') }]);
      await links.confirm([{ id: other?.id ?? '', right: ref('8') }]);
    });
    const { error } = await host.run();
    expect(error?.message).toBe('issue 8 is already linked on the right');
    expect(host.store.links.all().map((link) => link.state)).toEqual(['active', 'intended']);
  });
});

describe('the virtual clock', () => {
  it('wakes sleepers in the order of their times, at exactly their times', async () => {
    const clock = new VirtualClock(day);
    const woken: string[] = [];
    const sleepers = [5000, 1000, 3000].map(async (ms) => {
      await clock.sleep(ms);
      woken.push(`${ms} at ${clock.now().getTime() - day.getTime()}`);
    });
    await Promise.all(sleepers);
    expect(woken).toEqual(['1000 at 1000', '3000 at 3000', '5000 at 5000']);
  });

  it('ends a wait at once when the signal fires', async () => {
    const clock = new VirtualClock(day);
    const stop = new AbortController();
    const waiting = clock.sleep(1000, stop.signal);
    stop.abort();
    await expect(waiting).rejects.toMatchObject({ kind: 'interrupted' });
    expect(clock.now()).toEqual(day);
  });
});
