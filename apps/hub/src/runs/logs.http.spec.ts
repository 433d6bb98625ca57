import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { endOfRun } from '../testing/pair-connector.js';
import { type PairHub, startPairHub } from '../testing/pair-hub.js';
import type { Json } from '../testing/test-hub.js';

describe('logs across runs', () => {
  let hub: PairHub;
  let first: string;
  let second: string;

  beforeAll(async () => {
    hub = await startPairHub();
    first = await hub.connect();
    second = await hub.connect();
    for (const id of [first, second]) {
      await run(id, [
        ['log.warn', 'Careful: 100 % of it', { item: 'left-7', data: { n: 1, token: 'secret-token-1' } }],
        [
          'pair.commit',
          { history: [{ action: 'skipped', item: { side: 'left', key: '9' }, reason: 'The filter leaves it out.' }] },
        ],
      ]);
    }
  });
  afterAll(() => hub.close());

  const run = async (id: string, script: unknown[]) => {
    hub.here.answers.set('/script', script);
    const { body } = await hub.api('POST', `/api/connections/${id}/sync`);
    expect((await endOfRun(hub, body.runId as string)).status).toBe('succeeded');
  };
  const logs = async (query: string) => {
    const { status, body } = await hub.api('GET', `/api/logs?${query}`);
    expect(status).toBe(200);
    return body.items as Json[];
  };

  it('are found by connection, level, item, words and time, newest first', async () => {
    const [line, other, ...more] = await logs('level=warn');
    expect(more).toEqual([]);
    expect(line).toEqual({
      at: expect.any(String),
      runId: expect.any(String),
      connectionId: second,
      level: 'warn',
      message: 'Careful: 100 % of it',
      item: 'left-7',
      data: { n: 1, token: '[redacted]' },
    });
    expect(other.connectionId).toBe(first);
    expect(await logs(`level=warn&connectionId=${first}`)).toEqual([other]);
    expect(await logs('item=left-7')).toHaveLength(2);
    expect(await logs('q=100%20%25%20OF')).toHaveLength(2);
    expect(await logs(`level=warn&from=${encodeURIComponent(line.at as string)}`)).toEqual([line]);
    expect(await logs(`level=warn&to=${encodeURIComponent(line.at as string)}`)).toEqual([other]);
  });

  it('tell a cause once for as long as it is the cause', async () => {
    const id = await hub.connect();
    const [filter, direction] = ['The filter leaves it out.', 'New issues are not copied in this direction.'];
    const skip = (...reasons: string[]) =>
      run(id, [
        [
          'pair.commit',
          {
            history: reasons.map((reason) => ({ action: 'skipped', item: { side: 'left', key: '9' }, reason })),
          },
        ],
      ]);
    const told = async () =>
      (await logs(`item=9&connectionId=${id}`)).map(({ message }) => message as string).reverse();
    for (let round = 1; round <= 3; round += 1) await skip(filter);
    expect(await told()).toEqual([filter]);
    for (let round = 1; round <= 2; round += 1) await skip(direction);
    for (let round = 1; round <= 2; round += 1) await skip(filter);
    expect(await told()).toEqual([filter, direction, filter]);
    // The other side's item of the same number is another one.
    await run(id, [
      ['pair.commit', { history: [{ action: 'skipped', item: { side: 'right', key: '9' }, reason: filter }] }],
    ]);
    expect(await told()).toEqual([filter, direction, filter, filter]);
    // Several causes of one item stand beside each other.
    await skip('One file is too large.', 'Another file is too large.');
    const before = await told();
    await skip('Another file is too large.', 'One file is too large.');
    expect(await told()).toEqual(before);
  });

  it('tell why an item without a link was left out', async () => {
    expect(await logs(`item=9&connectionId=${first}`)).toMatchObject([
      { message: 'The filter leaves it out.', data: { action: 'skipped', side: 'left' } },
    ]);
  });

  it('come page by page', async () => {
    const all = await logs('limit=500');
    const seen: Json[] = [];
    let cursor = '';
    do {
      const { body } = await hub.api('GET', `/api/logs?limit=3${cursor}`);
      seen.push(...(body.items as Json[]));
      cursor = body.nextCursor === null ? '' : `&cursor=${body.nextCursor}`;
    } while (cursor !== '');
    expect(seen).toEqual(all);
  });

  it('refuse a filter that cannot be', async () => {
    for (const query of ['level=loud', 'connectionId=7', 'from=yesterday', 'limit=0', 'cursor=x']) {
      expect([query, (await hub.api('GET', `/api/logs?${query}`)).status]).toEqual([query, 400]);
    }
  });
});
