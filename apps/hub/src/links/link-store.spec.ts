import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { ConnectorError, type Link, type LinkRef, type Links } from '@syncline/connector-sdk';
import { addConnection } from '../events/testing/events.js';
import { openTestDatabase, type TestDatabase } from '../testing/test-database.js';
import { LinkStore } from './link-store.js';

const ref = (key: string, more: Partial<LinkRef> = {}): LinkRef => ({
  instanceId: 'instance-a',
  projectId: '1',
  key,
  ...more,
});

describe('LinkStore', () => {
  let test: TestDatabase;
  let store: LinkStore;
  let connectionId: string;
  let links: Links;
  let held: boolean;
  const runId = randomUUID();
  beforeAll(async () => {
    test = await openTestDatabase();
    store = new LinkStore(test.database);
  });
  afterAll(() => test.close());
  beforeEach(async () => {
    connectionId = (await addConnection(test.database)).id;
    held = true;
    links = store.forRun(connectionId, runId, async () => {
      if (!held) throw new ConnectorError('interrupted', 'This run lost its lease.');
    });
  });

  const idOf = (found: readonly Link[], at = 0): string => found[at]?.id ?? 'none';
  const history = async (id: string): Promise<string[]> => {
    const rows: { text: string }[] = await test.database.query(
      `select action || coalesce(' ' || side, '') || ': ' || reason as text from link_history where link_id = $1
       and run_id = $2 order by id`,
      [id, runId],
    );
    return rows.map(({ text }) => text);
  };
  const sever = (id: string) => test.database.query(`update link set state = 'severed' where id = $1`, [id]);

  it('records an intent, then its confirmation, with both in the history', async () => {
    const [intended] = await links.intend([{ kind: 'issue', left: ref('7', { url: 'https://a/7', title: 'Saw' }) }]);
    expect(intended).toEqual({
      id: expect.any(String),
      kind: 'issue',
      state: 'intended',
      left: { instanceId: 'instance-a', projectId: '1', key: '7', url: 'https://a/7', title: 'Saw' },
    });
    const id = intended!.id;
    const baseline = { left: { title: 'Saw' }, right: { title: 'Saw' } };
    await links.confirm([{ id, right: ref('12', { instanceId: 'instance-b' }), baseline }]);
    expect(await links.find('issue', 'right', [{ projectId: '1', key: '12' }])).toEqual([
      { ...intended, state: 'active', right: { instanceId: 'instance-b', projectId: '1', key: '12' }, baseline },
    ]);
    expect(await history(id)).toEqual([
      'created right: Noted before the copy is written.',
      'updated right: The copy was written; both sides are linked.',
    ]);
  });

  it('answers in the order asked, with the link that a taken side already has', async () => {
    const first = await links.intend([
      { kind: 'issue', left: ref('1') },
      { kind: 'issue', left: ref('2') },
    ]);
    const again = await links.intend([
      { kind: 'issue', left: ref('3') },
      { kind: 'issue', left: ref('2') },
      { kind: 'comment', left: ref('2') },
      { kind: 'issue', left: ref('2', { instanceId: 'instance-b' }) },
      { kind: 'issue', left: ref('3') },
    ]);
    expect(again.map((link) => `${link.kind} ${link.left?.instanceId} ${link.left?.key}`)).toEqual([
      'issue instance-a 3',
      'issue instance-a 2',
      'comment instance-a 2',
      'issue instance-b 2',
      'issue instance-a 3',
    ]);
    expect(idOf(again, 1)).toBe(idOf(first, 1));
    expect(idOf(again, 4)).toBe(idOf(again, 0));
    expect(new Set(again.map(({ id }) => id)).size).toBe(4);
  });

  it('finds a link by either side only under its own connection, kind and project', async () => {
    await links.intend([{ kind: 'issue', left: ref('1'), right: ref('9', { projectId: '2' }) }]);
    const found = async (kind: Link['kind'], side: 'left' | 'right', projectId: string, key: string, of = links) =>
      (
        await of.find(kind, side, [
          { projectId, key },
          { projectId: 'x', key: 'y' },
        ])
      ).length;
    expect(await found('issue', 'left', '1', '1')).toBe(1);
    expect(await found('issue', 'right', '2', '9')).toBe(1);
    expect(await found('issue', 'right', '1', '1')).toBe(0);
    expect(await found('comment', 'left', '1', '1')).toBe(0);
    expect(await found('issue', 'left', '2', '1')).toBe(0);
    const other = store.forRun((await addConnection(test.database)).id, runId, async () => undefined);
    expect(await found('issue', 'left', '1', '1', other)).toBe(0);
    expect(await links.find('issue', 'left', [])).toEqual([]);
  });

  it('refuses to link one item twice, in a sentence, and keeps the batch out', async () => {
    const [one, two] = await links.intend([
      { kind: 'issue', left: ref('1') },
      { kind: 'issue', left: ref('2') },
    ]);
    await links.confirm([{ id: one!.id, right: ref('8') }]);
    const twice = links.confirm([
      { id: two!.id, right: ref('8') },
      { id: one!.id, baseline: { left: { title: 'x' } } },
    ]);
    await expect(twice).rejects.toMatchObject({
      kind: 'permanent',
      message: 'issue 8 is already linked on the right',
    });
    const [left] = await links.find('issue', 'left', [{ projectId: '1', key: '1' }]);
    expect(left).not.toHaveProperty('baseline');
  });

  it('says by its state that the sides differ, and why; what was severed stays so', async () => {
    const side = ref('refs/heads/main');
    const [link] = await links.intend([{ kind: 'ref', left: side, right: { ...side, instanceId: 'instance-b' } }]);
    const id = link!.id;
    await links.confirm([{ id, baseline: { left: { sha: 'a' }, right: { sha: 'a' } } }]);
    const baseline = { left: { sha: 'b' }, right: { sha: 'x', outcome: 'diverged' } };
    const differs = { id, baseline, state: 'conflicted', reason: 'diverged: both have moved' } as const;
    await links.rebase([differs]);
    await links.rebase([differs]);
    const find = async () => (await links.find('ref', 'left', [side]))[0];
    expect(await find()).toMatchObject({ state: 'conflicted', baseline });
    expect((await history(id)).slice(-1)).toEqual(['conflicted: diverged: both have moved']);
    expect(await history(id)).toHaveLength(3);
    await links.confirm([{ id, baseline: { left: { sha: 'x' }, right: { sha: 'x' } } }]);
    expect(await find()).toMatchObject({ state: 'active', baseline: { right: { sha: 'x' } } });
    await sever(id);
    await links.rebase([differs]);
    expect((await find())?.state).toBe('severed');
  });

  it('rebases one side and keeps the other, with history only for a change', async () => {
    const [link] = await links.intend([{ kind: 'issue', left: ref('1'), right: ref('2') }]);
    const id = link!.id;
    await links.confirm([{ id, baseline: { left: { title: 'a' }, right: { title: 'a' } } }]);
    await links.rebase([{ id, baseline: { right: { title: 'b' } } }]);
    await links.rebase([{ id, baseline: { right: { title: 'b' } } }]);
    const [found] = await links.find('issue', 'left', [{ projectId: '1', key: '1' }]);
    expect(found?.baseline).toEqual({ left: { title: 'a' }, right: { title: 'b' } });
    expect((await history(id)).filter((line) => line === 'updated: Both sides agree again.')).toHaveLength(1);
  });

  it('says which link does not exist, also when it belongs to another connection', async () => {
    const other = store.forRun((await addConnection(test.database)).id, runId, async () => undefined);
    const [foreign] = await other.intend([{ kind: 'issue', left: ref('1') }]);
    await expect(links.confirm([{ id: foreign!.id }])).rejects.toThrow(`No link has the id ${foreign!.id}`);
    await expect(links.rebase([{ id: foreign!.id, baseline: {} }])).rejects.toThrow('No link has the id');
  });

  it('writes nothing once the lease is lost', async () => {
    const [link] = await links.intend([{ kind: 'issue', left: ref('1') }]);
    held = false;
    await expect(links.intend([{ kind: 'issue', left: ref('2') }])).rejects.toMatchObject({ kind: 'interrupted' });
    await expect(links.confirm([{ id: link!.id, right: ref('3') }])).rejects.toMatchObject({ kind: 'interrupted' });
    await expect(links.rebase([{ id: link!.id, baseline: {} }])).rejects.toMatchObject({ kind: 'interrupted' });
    expect(await links.find('issue', 'left', [{ projectId: '1', key: '2' }])).toEqual([]);
  });

  it('leaves apart what was severed: it is found, its intent is not made anew, a late confirm does not revive it', async () => {
    const [link] = await links.intend([{ kind: 'issue', left: ref('1') }]);
    const id = link!.id;
    await sever(id);
    await links.confirm([{ id, right: ref('5') }]);
    expect(await links.find('issue', 'left', [{ projectId: '1', key: '1' }])).toMatchObject([{ id, state: 'severed' }]);
    expect(idOf(await links.intend([{ kind: 'issue', left: ref('1') }]))).toBe(id);
    expect((await history(id)).at(-1)).toBe(
      'updated right: The copy was written, but the link had been severed meanwhile.',
    );
  });

  it('prefers the live link of a side to the severed one', async () => {
    const [old] = await links.intend([{ kind: 'issue', left: ref('1'), right: ref('2') }]);
    await sever(old!.id);
    await test.database.transaction((manager) =>
      store.insert(manager, connectionId, {
        links: [{ kind: 'issue', left: ref('1'), right: ref('3') }],
        stateOf: () => 'active',
      }),
    );
    const [found] = await links.find('issue', 'left', [{ projectId: '1', key: '1' }]);
    expect(found).toMatchObject({ state: 'active', right: { key: '3' } });
    expect(idOf(await links.intend([{ kind: 'issue', left: ref('1') }]))).toBe(found!.id);
  });

  it('makes links of a page active where both sides are known', async () => {
    const made = await test.database.transaction((manager) =>
      store.intendIn(manager, connectionId, [
        { kind: 'ref', left: ref('main'), right: ref('main') },
        { kind: 'ref', left: ref('dev') },
      ]),
    );
    expect(made.map(({ state }) => state)).toEqual(['active', 'intended']);
  });

  it('needs at least one side', async () => {
    await expect(links.intend([{ kind: 'issue' }])).rejects.toThrow('A link needs at least one side.');
  });

  it('takes a thousand links in one batch', async () => {
    const many = Array.from({ length: 1000 }, (_, n) => ({ kind: 'issue' as const, left: ref(`${n}`) }));
    const made = await links.intend(many);
    expect(made.map((link) => link.left?.key)).toEqual(many.map((link) => link.left.key));
    await links.confirm(made.map(({ id }, n) => ({ id, right: ref(`r${n}`) })));
    const found = await links.find('issue', 'right', [{ projectId: '1', key: 'r999' }]);
    expect(found).toMatchObject([{ state: 'active', left: { key: '999' } }]);
  });
});
