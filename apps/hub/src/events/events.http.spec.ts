import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { ChangeEvent } from '@syncline/connector-sdk';
import { EventStore } from './event-store.js';
import { addConnection, at, event } from './testing/events.js';
import { DataSource } from 'typeorm';
import { startTestHub, type TestHub } from '../testing/test-hub.js';

const day = (n: number, hour = 0) => new Date(Date.UTC(2026, 0, n, hour));

const world: Partial<ChangeEvent>[] = [
  { eventId: 'mr-1-1', title: 'Fix the login page', status: 'merged', author: 'ada', occurredAt: day(10) },
  { eventId: 'mr-1-2', title: 'Añadir café', description: 'Fixes #7 of Übermut', author: 'bob', occurredAt: day(11) },
  {
    eventId: 'pipeline-1-9',
    eventType: 'pipeline',
    title: 'Pipeline 9',
    status: 'failed',
    author: 'ada',
    occurredAt: day(12),
    metadata: { sha: '3f9a1c77', ref: 'main' },
  },
  {
    eventId: 'release-2-v1',
    eventType: 'release',
    title: 'v1.0.0',
    status: 'published',
    project: { id: '2', path: 'acme/api' },
    occurredAt: day(13),
    version: { updatedAt: null },
  },
];

describe('the timeline API', () => {
  let hub: TestHub;
  let database: DataSource;
  let first: string;
  let second: string;
  beforeAll(async () => {
    hub = await startTestHub();
    database = hub.hub.app.get(DataSource);
    first = await store(world, ['backend']);
    // The same objects of another connection, two of them at one moment.
    second = await store(
      [
        { eventId: 'commit-3-a', eventType: 'commit', title: 'one', status: 'committed', occurredAt: day(20) },
        { eventId: 'commit-3-b', eventType: 'commit', title: 'two', status: 'committed', occurredAt: day(20) },
        { eventId: 'commit-3-c', eventType: 'commit', title: 'three', status: 'committed', occurredAt: day(21) },
      ],
      ['mobile', 'ops'],
    );
  });
  afterAll(() => hub.close());

  async function store(events: Partial<ChangeEvent>[], tags: string[]): Promise<string> {
    const connection = await addConnection(database, tags);
    const events_ = events.map((part) => event({ ...part, transitions: [{ status: 'opened', at: day(1) }] }));
    await database.transaction((manager) =>
      new EventStore(database).apply(manager, connection, events_, 'poll', at(30)),
    );
    return connection.id;
  }

  const ids = async (query: string): Promise<string[]> => {
    const { status, body } = await hub.api('GET', `/api/events?${query}`);
    expect([query, status]).toEqual([query, 200]);
    return body.items.map((item: { eventId: string }) => item.eventId);
  };

  it('shows an event with all it has, and with its transitions where it is asked for alone', async () => {
    const { body } = await hub.api('GET', '/api/events?eventType=pipeline');
    const [item] = body.items;
    expect(item).toEqual({
      id: expect.stringMatching(/^\d+$/),
      connectionId: first,
      connectorId: 'example',
      eventId: 'pipeline-1-9',
      eventType: 'pipeline',
      title: 'Pipeline 9',
      description: null,
      status: 'failed',
      author: 'ada',
      project: { id: '1', path: 'acme/web' },
      url: null,
      occurredAt: '2026-01-12T00:00:00.000Z',
      revision: 1,
      metadata: { sha: '3f9a1c77', ref: 'main' },
    });
    expect((await hub.api('GET', `/api/events/${item.id}`)).body).toEqual({
      ...item,
      transitions: [
        { status: 'opened', at: day(1).toISOString(), observedAt: at(30).toISOString(), source: 'poll' },
        { status: 'failed', at: day(12).toISOString(), observedAt: at(30).toISOString(), source: 'poll' },
      ],
    });
  });

  it('orders by time and id, both ways, and gives each event once over pages that end amid equal times', async () => {
    const all = ['mr-1-1', 'mr-1-2', 'pipeline-1-9', 'release-2-v1', 'commit-3-a', 'commit-3-b', 'commit-3-c'];
    for (const [order, expected] of [
      ['asc', all],
      ['desc', all.toReversed()],
    ] as const) {
      const seen: string[] = [];
      let cursor = '';
      do {
        const { body } = await hub.api('GET', `/api/events?order=${order}&limit=2${cursor}`);
        seen.push(...body.items.map((item: { eventId: string }) => item.eventId));
        cursor = body.nextCursor === null ? '' : `&cursor=${body.nextCursor}`;
      } while (cursor !== '');
      expect(seen).toEqual(expected);
    }
  });

  it('filters by each parameter; a key repeated means OR, different keys AND', async () => {
    expect(await ids(`connectionId=${second}&order=asc`)).toEqual(['commit-3-a', 'commit-3-b', 'commit-3-c']);
    expect(await ids(`connectionId=${second}&connectionId=${first}`)).toHaveLength(7);
    expect(await ids('eventType=release&eventType=pipeline')).toEqual(['release-2-v1', 'pipeline-1-9']);
    expect(await ids('status=merged&status=failed&author=ada')).toEqual(['pipeline-1-9', 'mr-1-1']);
    expect(await ids('author=ada&author=bob&eventType=merge_request')).toEqual(['mr-1-2', 'mr-1-1']);
    expect(await ids('project=2')).toEqual(['release-2-v1']);
    expect(await ids('project=acme/api')).toEqual(['release-2-v1']);
    expect(await ids(`project=acme/web&project=2&connectionId=${first}`)).toHaveLength(4);
    expect(await ids('tag=ops')).toHaveLength(3);
    expect(await ids('tag=ops&tag=backend')).toHaveLength(7);
    expect(await ids(`tag=ops&connectionId=${first}`)).toEqual([]);
    expect(await ids('status=merged&eventType=commit')).toEqual([]);
    expect(await ids('author=%00')).toEqual([]);
  });

  it('takes a path for the projects that were ever seen under it, and no other of the same number', async () => {
    const move = (connection: { id: string; connectorId: string }, eventId: string, id: string, path: string) =>
      database.transaction((manager) =>
        new EventStore(database).apply(
          manager,
          connection,
          [event({ eventId, project: { id, path }, version: { updatedAt: null }, occurredAt: day(25) })],
          'poll',
          at(30),
        ),
      );
    const here = await addConnection(database, ['moving']);
    const elsewhere = await addConnection(database, ['moving']);
    await move(here, 'moved-1', '77', 'old/name');
    await move(here, 'moved-2', '77', 'old/name');
    await move(elsewhere, 'other-1', '77', 'somebody/else');
    await move(here, 'moved-3', '77', 'new/name');
    await move(here, 'moved-2', '77', 'new/name');
    expect((await ids('project=old/name')).sort()).toEqual(['moved-1', 'moved-2', 'moved-3']);
    expect((await ids('project=new/name')).sort()).toEqual(['moved-1', 'moved-2', 'moved-3']);
    expect((await ids('project=new/name&eventType=merge_request&q=saw')).sort()).toHaveLength(3);
    // No event of it carries the old path any more.
    await move(here, 'moved-1', '77', 'new/name');
    expect(await ids('project=old/name')).toHaveLength(3);
    expect(await ids('project=77')).toHaveLength(4);
    expect(await ids(`project=77&connectionId=${elsewhere.id}`)).toEqual(['other-1']);
    expect(await ids(`project=old/name&connectionId=${elsewhere.id}`)).toEqual([]);
    const { total } = (await hub.api('GET', '/api/events/stats?project=old/name')).body;
    expect(total).toBe(3);
    await database.query(`delete from connection where id = any($1)`, [[here.id, elsewhere.id]]);
  });

  it('takes from as inclusive and to as exclusive', async () => {
    expect(await ids('from=2026-01-11T00:00:00Z&to=2026-01-13T00:00:00Z')).toEqual(['pipeline-1-9', 'mr-1-2']);
  });

  it('finds all words as prefixes, in any case, over title, description, author and sha', async () => {
    expect(await ids('q=FIX')).toEqual(['mr-1-2', 'mr-1-1']);
    expect(await ids('q=log%20fix')).toEqual(['mr-1-1']);
    expect(await ids('q=CAF%C3%89')).toEqual(['mr-1-2']);
    expect(await ids('q=%C3%BCberm')).toEqual(['mr-1-2']);
    expect(await ids('q=ada')).toEqual(['pipeline-1-9', 'mr-1-1']);
    expect(await ids('q=3f9a1c')).toEqual(['pipeline-1-9']);
    expect(await ids('q=ix')).toEqual([]);
    expect(await ids("q='%3A*%20%26%20!x")).toEqual([]);
    expect(await ids('q=%20')).toHaveLength(7);
    expect(await ids('q=fix&author=bob')).toEqual(['mr-1-2']);
  });

  it('counts by bin, type and status, and its total is what the list holds', async () => {
    const { body } = await hub.api('GET', '/api/events/stats?from=2026-01-10&to=2026-01-14&bins=4');
    expect(body.bins).toEqual([
      { start: day(10).toISOString(), total: 1, byType: { merge_request: 1 } },
      { start: day(11).toISOString(), total: 1, byType: { merge_request: 1 } },
      { start: day(12).toISOString(), total: 1, byType: { pipeline: 1 } },
      { start: day(13).toISOString(), total: 1, byType: { release: 1 } },
    ]);
    expect(body).toMatchObject({
      total: 4,
      byType: { merge_request: 2, pipeline: 1, release: 1 },
      byStatus: { merged: 1, opened: 1, failed: 1, published: 1 },
    });
    const whole = (await hub.api('GET', '/api/events/stats')).body;
    expect(whole.bins).toHaveLength(60);
    expect(whole.bins[0].start).toBe(day(10).toISOString());
    expect(whole.bins.reduce((sum: number, bin: { total: number }) => sum + bin.total, 0)).toBe(7);
    expect(whole.total).toBe(7);
    expect((await hub.api('GET', '/api/events/stats?q=fix&tag=backend')).body.total).toBe(2);
    expect((await hub.api('GET', '/api/events/stats?tag=nobody')).body).toMatchObject({ total: 0, byType: {} });
    expect((await hub.api('GET', '/api/events/stats?to=2020-01-01')).body.total).toBe(0);
    expect((await hub.api('GET', '/api/events/stats?from=2030-01-01')).body.total).toBe(0);
  });

  it('answers 400 to what cannot be meant and names the parameter', async () => {
    for (const query of [
      'limit=0',
      'limit=501',
      'limit=x',
      'cursor=nonsense',
      'cursor=WyJ4IiwieSJd',
      'order=up',
      'order=asc&order=desc',
      'connectionId=7',
      'from=yesterday',
      'to=2026-13-45',
      'from=2026-02-01&to=2026-01-01',
      'from=2026-02-01&from=2026-02-02',
      `q=${'x'.repeat(501)}`,
      'q=%F0%9F%8E%89%20%21',
      Array.from({ length: 101 }, (_, n) => `author=${n}`).join('&'),
    ]) {
      const { status, body } = await hub.api('GET', `/api/events?${query}`);
      expect([query, status]).toEqual([query, 400]);
      const [, key] = /^(\w+)/.exec(query) ?? [];
      if (!query.startsWith('from=2026-02-01&to')) expect(body.errors[0].path).toBe(`?${key}`);
    }
    for (const bins of ['0', '501', '1.5', 'many']) {
      expect((await hub.api('GET', `/api/events/stats?bins=${bins}`)).status).toBe(400);
    }
  });

  it('answers 404 to an event that does not exist', async () => {
    for (const id of ['999999', 'mr-1-1', '99999999999999999999']) {
      expect((await hub.api('GET', `/api/events/${id}`)).status).toBe(404);
    }
  });
});
