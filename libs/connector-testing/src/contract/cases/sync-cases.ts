import assert from 'node:assert/strict';
import type { ChangeEvent } from '@syncline/connector-sdk';
import type { RunOutcome } from '../../memory-host/memory-host.js';
import type { MemoryStore } from '../../memory-host/memory-store.js';
import { assertSameRows, Bench, storedNews } from '../bench.js';
import { eventFaults } from '../event-rules.js';
import type { ContractCase, ContractFixture } from '../fixture.js';

const dayMs = 24 * 3_600_000;

/** Reading again adds nothing; what is read matches metadata.json and depends on the source alone. */
export function syncCases<TConfig>(fixture: ContractFixture<TConfig>): ContractCase[] {
  return [
    {
      name: 'reads its world, and a second sync adds nothing',
      run: () =>
        Bench.use(fixture, async (bench) => {
          const host = bench.host();
          const first = await bench.goodRun(host);
          assert.ok(
            host.store.rows().size > 0,
            'nothing was stored: the world is empty or the connector reads nothing',
          );
          if (!bench.isPair)
            assert.equal(first.result?.stored, first.stored.created + first.stored.updated, 'the result miscounts');
          const known = host.store.rows();
          bench.clock.advance(300_000);
          const second = await bench.goodRun(host);
          assert.deepEqual([storedNews(second), second.result?.stored], [false, 0]);
          assert.deepEqual([...host.store.rows()], [...known]);
        }),
    },
    {
      name: 'adds nothing in a full pass over an unchanged world either',
      run: () =>
        Bench.use(fixture, async (bench) => {
          const host = bench.host();
          await bench.goodRun(host);
          bench.clock.advance(300_000);
          const full = await bench.goodRun(host, { mode: 'full' });
          assert.equal(storedNews(full), false, 'something was stored');
        }),
    },
    {
      name: 'emits events as metadata.json declares them, with ids of their own and times of the past',
      run: () =>
        Bench.use(fixture, async (bench) => {
          const outcome = await bench.goodRun(bench.host());
          const events = eventsOf(outcome);
          const faults = events.flatMap((event) => eventFaults(event, bench.metadata, bench.clock.now()));
          assert.deepEqual(faults.slice(0, 10), []);
          const seen = new Map<string, string>();
          for (const { eventId, eventType, project } of events) {
            const object = `${eventType} of project ${project.id}`;
            assert.equal(seen.get(eventId) ?? object, object, `${eventId} names two objects`);
            seen.set(eventId, object);
          }
        }),
    },
    {
      name: 'stores the same whenever it looks: no time comes from the poll',
      run: () =>
        Bench.use(fixture, async (bench) => {
          const [today, tomorrow] = [bench.host(), bench.host()];
          await bench.goodRun(today);
          bench.clock.advance(dayMs);
          await bench.goodRun(tomorrow);
          assertSameRows(tomorrow.store, today.store, 'a day later');
        }),
    },
    {
      name: 'knows after a change what a first sync would know',
      run: () =>
        Bench.use(fixture, async (bench) => {
          const { change } = bench.world;
          if (change === undefined) return;
          const host = bench.host();
          await bench.goodRun(host);
          bench.clock.advance(600_000);
          await change();
          bench.clock.advance(600_000);
          const after = await bench.goodRun(host);
          assert.ok(storedNews(after), 'the change was not seen');
          const fresh = bench.host();
          await bench.goodRun(fresh);
          const [known, current] = [contents(host.store), contents(fresh.store)];
          for (const [eventId, content] of current) {
            assert.equal(known.get(eventId), content, `${eventId} was missed or is stale`);
          }
        }),
    },
  ];
}

export function eventsOf(outcome: RunOutcome): ChangeEvent[] {
  return outcome.commits.flatMap(({ records }) => records.events ?? []);
}

/** What a first sync and a later one agree on: all but the times of statuses that only the later one saw change. */
function contents(store: MemoryStore): Map<string, string> {
  return new Map(
    [...store.events.values()].map((row) => [row.eventId, JSON.stringify([row.title, row.status, row.metadata])]),
  );
}
