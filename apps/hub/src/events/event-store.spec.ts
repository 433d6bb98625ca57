import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { ChangeEvent, Stored } from '@syncline/connector-sdk';
import { openTestDatabase, type TestDatabase } from '../testing/test-database.js';
import { EventStore } from './event-store.js';
import { addConnection, at, event, rowOf, transitionsOf } from './testing/events.js';

describe('EventStore', () => {
  let test: TestDatabase;
  let store: EventStore;
  let connection: { id: string; connectorId: string };
  beforeAll(async () => {
    test = await openTestDatabase();
    store = new EventStore(test.database);
  });
  afterAll(() => test.close());

  const apply = async (...events: ChangeEvent[]): Promise<Stored> =>
    test.database.transaction((manager) => store.apply(manager, connection, events, 'poll', at(59)));
  const fresh = async () => {
    connection = await addConnection(test.database);
  };
  const row = (eventId = 'mr-1-7') => rowOf(test.database, connection.id, eventId);
  const transitions = (eventId = 'mr-1-7') => transitionsOf(test.database, connection.id, eventId);

  it('creates what it has not seen, with its first transition', async () => {
    await fresh();
    expect(await apply(event(), event({ eventId: 'mr-1-8' }))).toEqual({ created: 2, updated: 0, unchanged: 0 });
    expect(await row()).toMatchObject({
      connector_id: 'example',
      title: 'Sharpen the saw',
      status: 'opened',
      project_path: 'acme/web',
      description: null,
      occurred_at: at(0),
      version_at: at(0),
      revision: 1,
      metadata: { labels: ['a'] },
    });
    expect(await transitions()).toEqual(['opened 10:00 poll']);
  });

  it('writes nothing when it sees the same again', async () => {
    await fresh();
    await apply(event());
    const before = await row();
    expect(await apply(event(), event())).toEqual({ created: 0, updated: 0, unchanged: 2 });
    expect(await row()).toEqual(before);
  });

  it('applies a newer version and numbers it anew for live readers', async () => {
    await fresh();
    await apply(event());
    const before = await row();
    const merged = event({ version: { updatedAt: at(9) }, status: 'merged', occurredAt: at(8), author: 'ada' });
    expect(await apply(merged)).toEqual({ created: 0, updated: 1, unchanged: 0 });
    const after = await row();
    expect(after).toMatchObject({ id: before.id, status: 'merged', occurred_at: at(8), revision: 2, author: 'ada' });
    expect(BigInt(after.change_seq)).toBeGreaterThan(BigInt(before.change_seq));
    expect(BigInt(after.change_tx)).toBeGreaterThan(BigInt(before.change_tx));
    expect(await transitions()).toEqual(['opened 10:00 poll', 'merged 10:08 poll']);
  });

  it('never applies an older version, but keeps the statuses it proves', async () => {
    await fresh();
    await apply(event({ version: { updatedAt: at(9) }, status: 'merged', occurredAt: at(8) }));
    const late = event({ title: 'Old title', transitions: [{ status: 'opened', at: at(0) }] });
    expect(await apply(late)).toEqual({ created: 0, updated: 0, unchanged: 1 });
    expect(await row()).toMatchObject({ status: 'merged', title: 'Sharpen the saw', revision: 1 });
    expect(await transitions()).toEqual(['opened 10:00 poll', 'merged 10:08 poll']);
  });

  it('applies an equal or unknown version only if the content differs', async () => {
    await fresh();
    await apply(event());
    expect(await apply(event({ metadata: { labels: ['b'] } }))).toMatchObject({ updated: 1 });
    expect(await apply(event({ metadata: { labels: ['b'] }, version: { updatedAt: null } }))).toMatchObject({
      updated: 0,
    });
    expect(await apply(event({ title: 'New', version: { updatedAt: null } }))).toMatchObject({ updated: 1 });
    expect(await row()).toMatchObject({ title: 'New', revision: 3, version_at: at(0) });
  });

  it('does not mind the order of keys or absent values in metadata', async () => {
    await fresh();
    await apply(event({ metadata: { a: 1, b: { c: 2, d: [3] } } }));
    expect(await apply(event({ metadata: { b: { d: [3], c: 2 }, a: 1, e: undefined } }))).toMatchObject({
      unchanged: 1,
    });
  });

  it('keeps the time of an unchanged status where the source has only a bound', async () => {
    await fresh();
    await apply(event({ occurredAt: at(5) }));
    await apply(event({ version: { updatedAt: at(20) }, occurredAtPrecision: 'at_least', title: 'Commented' }));
    expect(await row()).toMatchObject({ title: 'Commented', occurred_at: at(5), revision: 2 });
    expect(await transitions()).toEqual(['opened 10:05 poll']);
  });

  it('dates a changed status by the version where the source has only a bound', async () => {
    await fresh();
    await apply(event());
    await apply(event({ version: { updatedAt: at(10) }, status: 'closed', occurredAt: at(10) }));
    await apply(event({ version: { updatedAt: at(30) }, occurredAtPrecision: 'at_least' }));
    expect(await row()).toMatchObject({ status: 'opened', occurred_at: at(30) });
    expect(await transitions()).toEqual(['opened 10:00 poll', 'closed 10:10 poll', 'opened 10:30 poll']);
  });

  it('takes the newest of several sightings in one page and keeps what the others prove', async () => {
    await fresh();
    const merged = event({ version: { updatedAt: at(9) }, status: 'merged', occurredAt: at(8) });
    expect(await apply(merged, event(), merged)).toEqual({ created: 1, updated: 0, unchanged: 2 });
    expect(await row()).toMatchObject({ status: 'merged', revision: 1 });
    expect(await transitions()).toEqual(['opened 10:00 poll', 'merged 10:08 poll']);
  });

  it('keeps one event id of two connections apart', async () => {
    await fresh();
    await apply(event());
    const first = connection.id;
    await fresh();
    expect(await apply(event({ title: 'Other' }))).toMatchObject({ created: 1 });
    expect(await rowOf(test.database, first, 'mr-1-7')).toMatchObject({ title: 'Sharpen the saw' });
  });

  it('stores text that PostgreSQL cannot hold as it is', async () => {
    await fresh();
    const odd = event({ title: 'NUL \0 and half \ud83d', metadata: { note: 'a\0b' }, author: '\udc00' });
    expect(await apply(odd)).toMatchObject({ created: 1 });
    expect(await apply(odd)).toMatchObject({ unchanged: 1 });
    expect(await row()).toMatchObject({ title: 'NUL \ufffd and half \ufffd', metadata: { note: 'a\ufffdb' } });
  });

  it('refuses a time that is none and names the event', async () => {
    await fresh();
    await expect(apply(event({ occurredAt: new Date(NaN) }))).rejects.toThrow('The event mr-1-7 carries a time');
  });

  it('lets two pages that hold the same events pass each other', async () => {
    await fresh();
    const page = (title: string) =>
      Array.from({ length: 50 }, (_, n) =>
        event({ eventId: `mr-1-${n}`, title, version: { updatedAt: title === 'new' ? at(2) : at(1) } }),
      );
    const stored = await Promise.all([
      apply(...page('new')),
      apply(...page('old').reverse()),
      apply(...page('new').reverse()),
      apply(...page('old')),
    ]);
    expect(stored.reduce((sum, { created }) => sum + created, 0)).toBe(50);
    const titles = await test.database.query(
      `select distinct title, count(*)::int as n from change_event where connection_id = $1 group by 1`,
      [connection.id],
    );
    expect(titles).toEqual([{ title: 'new', n: 50 }]);
  });

  it('tells the stored versions of the ids it knows', async () => {
    await fresh();
    await apply(event(), event({ eventId: 'image-1', version: { updatedAt: null }, status: 'published' }));
    const versions = await store.versions(connection.id, ['mr-1-7', 'image-1', 'unknown']);
    expect([...versions.keys()].sort()).toEqual(['image-1', 'mr-1-7']);
    expect(versions.get('mr-1-7')).toEqual({ updatedAt: at(0), status: 'opened', metadata: { labels: ['a'] } });
    expect(versions.get('image-1')).toMatchObject({ updatedAt: null, status: 'published' });
  });

  it('adds transitions learnt from hooks once, and none of unknown events', async () => {
    await fresh();
    await apply(event());
    const add = (...facts: [string, string, number][]) =>
      test.database.transaction((manager) =>
        store.addTransitions(
          manager,
          connection.id,
          facts.map(([eventId, status, minute]) => ({ eventId, transition: { status, at: at(minute) } })),
          'hook',
          at(59),
        ),
      );
    expect(await add(['mr-1-7', 'opened', 0], ['mr-1-7', 'closed', 4], ['mr-1-7', 'closed', 4], ['x', 'y', 1])).toBe(1);
    expect(await add(['mr-1-7', 'closed', 4])).toBe(0);
    expect(await transitions()).toEqual(['opened 10:00 poll', 'closed 10:04 hook']);
    expect(await row()).toMatchObject({ status: 'opened', revision: 1 });
  });
});
