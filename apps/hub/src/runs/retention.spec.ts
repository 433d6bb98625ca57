import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { endOfRun } from '../testing/pair-connector.js';
import { type PairHub, startPairHub } from '../testing/pair-hub.js';
import { Retention } from './retention.js';

describe('what explains the past of linked items', () => {
  let hub: PairHub;

  beforeAll(async () => {
    hub = await startPairHub();
  });
  afterAll(() => hub.close());

  it('is kept for a year, and the last line and open conflicts for ever', async () => {
    const connectionId = await hub.connect();
    const [busy, quiet] = [randomUUID(), randomUUID()];
    const ref = (instanceId: string, key: string) => ({ instanceId, projectId: '1', key });
    const link = (id: string, key: string) => ({
      id,
      kind: 'issue',
      state: 'active',
      left: ref(hub.source, key),
      right: ref(hub.target, key),
    });
    const line = (linkId: string, reason: string) => ({ action: 'updated', linkId, reason });
    const conflict = (field: string, state: string) => ({
      linkId: busy,
      field,
      base: 'a',
      left: 'b',
      right: 'c',
      state,
    });
    hub.here.answers.set('/script', [
      [
        'pair.commit',
        {
          links: [link(busy, '1'), link(quiet, '2')],
          history: [line(busy, 'first'), line(busy, 'second'), line(busy, 'third'), line(quiet, 'only')],
          conflicts: [conflict('title', 'open'), conflict('labels', 'open'), conflict('dueDate', 'open')],
        },
      ],
      ['pair.commit', { conflicts: [conflict('title', 'resolved'), conflict('labels', 'closed')] }],
    ]);
    const { body } = await hub.api('POST', `/api/connections/${connectionId}/sync`);
    expect((await endOfRun(hub, body.runId as string)).status).toBe('succeeded');
    const age = async (table: string, column: string, days: number, where: string): Promise<void> => {
      await hub.database.query(`update ${table} set ${column} = now() - $1 * interval '1 day' where ${where}`, [days]);
    };
    await age('link_history', 'at', 366, `reason in ('first', 'only')`);
    await age('link_history', 'at', 364, `reason = 'second'`);
    await age('conflict', 'updated_at', 366, `field in ('title', 'dueDate')`);
    await hub.hub.app.get(Retention).prune();
    const reasonsOf = async (id: string) =>
      (await hub.api('GET', `/api/links/${id}`)).body.history.map(({ reason }: { reason: string }) => reason);
    expect(await reasonsOf(busy)).toEqual(['second', 'third']);
    expect(await reasonsOf(quiet)).toEqual(['only']);
    const conflicts = (await hub.api('GET', `/api/conflicts?connectionId=${connectionId}`)).body.items;
    expect(conflicts.map(({ field, state }: { field: string; state: string }) => `${field} ${state}`).sort()).toEqual([
      'dueDate open',
      'labels closed',
    ]);
    // All of it goes in time but what is last and what is open.
    await age('link_history', 'at', 400, 'true');
    await age('conflict', 'updated_at', 400, 'true');
    await hub.hub.app.get(Retention).prune();
    expect([await reasonsOf(busy), await reasonsOf(quiet)]).toEqual([['third'], ['only']]);
    expect((await hub.api('GET', `/api/conflicts?connectionId=${connectionId}`)).body.items).toHaveLength(1);
  });
});
