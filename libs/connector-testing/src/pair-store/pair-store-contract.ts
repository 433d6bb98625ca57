import assert from 'node:assert/strict';
import { ConnectorError, type PairLink, type SyncSession } from '@syncline/connector-sdk';
import { plain } from '../memory-host/apply-event.js';
import { copied, newLink, type PairStoreWorld, refOf } from './pair-store-world.js';

type Case = (world: PairStoreWorld) => Promise<void>;

const plan = { op: 'create', kind: 'issue', side: 'right', reason: 'It has no copy yet.' } as const;
const byId = (links: readonly PairLink[]): readonly PairLink[] => [...links].sort((a, b) => (a.id < b.id ? -1 : 1));
const ids = (links: readonly PairLink[]): readonly string[] => byId(links).map(({ id }) => id);

/** As JSON: a store may answer with objects that were made elsewhere. */
function same(actual: unknown, expected: unknown): void {
  assert.deepEqual(plain(actual), plain(expected));
}

async function fails(work: Promise<unknown>, kind: ConnectorError['kind'], message: RegExp): Promise<void> {
  await assert.rejects(work, (error: unknown) => {
    assert.ok(error instanceof ConnectorError, String(error));
    assert.equal(error.kind, kind, error.message);
    assert.match(error.message, message);
    return true;
  });
}

/** Writes it as a run does: claimed, then with its copy. */
async function store({ pair }: SyncSession, ...links: readonly PairLink[]): Promise<void> {
  assert.equal((await pair.claim(links.map((link) => ({ ...link, state: 'intended' })))).size, 0);
  await pair.commit({ links });
}

/** The promises of `PairStore`, whoever keeps them. */
export const pairStoreCases: Readonly<Record<string, Case>> = {
  'claims a copy, and finds it whole until it is confirmed': (world) =>
    world.inRun(0, async ({ pair }) => {
      const link = newLink('1');
      assert.equal((await pair.claim([link])).size, 0);
      same(await pair.unsettled(), [link]);
      same(await pair.linksByKey('issue', 'left', [{ projectId: '1', key: '1' }]), [link]);
      const done = copied(link, '9', { awaits: ['7', '8'] });
      await pair.commit({ links: [done] });
      same(await pair.unsettled(), []);
      same(await pair.linksById([link.id]), [done]);
      same(await pair.linksByKey('issue', 'right', [{ projectId: '2', key: '9' }]), [done]);
      same(await pair.linksByKey('issue', 'right', [{ projectId: '1', key: '9' }]), []);
      same(await pair.linksByKey('comment', 'left', [{ projectId: '1', key: '1' }]), []);
      same(await pair.awaiting('left', ['8']), [done]);
      same(await pair.awaiting('right', ['8']), []);
      same(await pair.awaiting('left', ['1']), []);
    }),

  'grants a claim again to its own link, and gives it back': (world) =>
    world.inRun(0, async ({ pair }) => {
      const link = newLink('1');
      await pair.claim([link]);
      assert.equal((await pair.claim([{ ...link, intent: { side: 'right', again: true } }])).size, 0);
      same((await pair.unsettled())[0]?.intent, { side: 'right', again: true });
      await pair.release([link.id]);
      same(await pair.unsettled(), []);
      const done = copied(link, '9');
      await store({ pair } as SyncSession, done);
      await pair.release([link.id]);
      same(await pair.linksById([link.id]), [done]);
    }),

  'refuses the second claim of a copy within a call and between connections, and says who has it': async (world) => {
    const first = newLink('1');
    const second = newLink('1', { left: refOf('left', '77') });
    await world.inRun(0, async ({ pair }) => {
      const refused = await pair.claim([first, second]);
      same([...refused.keys()], [second.id]);
      await pair.commit({ links: [copied(first, '9')] });
    });
    const third = newLink('1');
    const other = newLink('2');
    await world.inRun(1, async ({ pair }) => {
      const refused = await pair.claim([third, other]);
      same([...refused.keys()], [third.id]);
      const copy = refused.get(third.id);
      assert.equal(copy?.linkId, first.id);
      assert.equal(copy.key, '9');
      assert.equal(copy.originKey, 'a 1 1');
      same(copy.origin, { hub: 'h', issue: '1' });
      same(ids(await pair.unsettled()), [other.id]);
      same((await pair.copiesAt('b 2', 'issue', ['9', '10'])).get('9'), copy);
      assert.equal((await pair.copiesAt('b 3', 'issue', ['9'])).size, 0);
      assert.equal((await pair.copiesAt('b 2', 'comment', ['9'])).size, 0);
      const copies = await pair.copiesOf('b 2', ['a 1 1', 'a 1 2', 'a 1 3']);
      same([...copies.keys()].sort(), ['a 1 1', 'a 1 2']);
      assert.equal(copies.get('a 1 2')?.key, undefined);
    });
  },

  'lets a copy in another place, and one of another kind, be claimed': (world) =>
    world.inRun(0, async ({ pair }) => {
      const link = newLink('1');
      const { origin } = link;
      assert.ok(origin);
      const there = newLink('1', { kind: 'issue', left: refOf('left', '5'), origin: { ...origin, place: 'c 3' } });
      assert.equal((await pair.claim([link, there, newLink('1', { kind: 'comment' })])).size, 0);
    }),

  'does not make anew what people took apart, but for the connection that had it': async (world) => {
    const link = newLink('1');
    await world.inRun(0, (session) => store(session, copied(link, '9')));
    await world.sever(0, link.id);
    await world.inRun(1, async ({ pair }) => {
      assert.equal((await pair.claim([newLink('1')])).size, 1);
      assert.equal((await pair.copiesAt('b 2', 'issue', ['9'])).size, 1);
      assert.equal((await pair.copiesOf('b 2', ['a 1 1'])).size, 0);
    });
    await world.inRun(0, async ({ pair }) => {
      await pair.commit({ links: [copied(link, '9', { baseline: { revision: '2' } })] });
      assert.equal((await pair.linksById([link.id]))[0]?.state, 'severed');
      // Claimed by its own id it would be made again, and still be severed.
      assert.deepEqual([...(await pair.claim([link])).keys()], [link.id]);
      const anew = newLink('1');
      assert.equal((await pair.claim([anew])).size, 0);
      same(ids(await pair.linksByKey('issue', 'left', [{ projectId: '1', key: '1' }])), [anew.id]);
    });
  },

  'does not make anew, for another connection, what was deleted on one side': async (world) => {
    const link = newLink('1');
    await world.inRun(0, async (session) => {
      await store(session, copied(link, '9'));
      await session.pair.commit({ links: [copied(link, '9', { state: 'gone' })] });
    });
    await world.inRun(1, async ({ pair }) => {
      const anew = newLink('1');
      assert.equal((await pair.claim([anew])).get(anew.id)?.key, '9');
    });
  },

  'refuses a side that another link has, and then stores nothing of the commit': async (world) => {
    const [one, two] = [newLink('1'), newLink('2')];
    await world.inRun(0, (session) => store(session, copied(one, '9')));
    await world.inRun(0, async (session) => {
      const { pair } = session;
      await pair.claim([two]);
      const history = [{ action: 'created', linkId: two.id, reason: 'No.' }] as const;
      const conflict = { linkId: one.id, field: 'title', base: 'a', left: 'b', right: 'c', state: 'open' } as const;
      await fails(
        pair.commit({ links: [copied(two, '9')], history, conflicts: [conflict], cursors: { left: { at: 1 } } }),
        'permanent',
        /issue 9 is already linked on the right/,
      );
      assert.equal((await pair.linksById([two.id]))[0]?.state, 'intended');
      same(await pair.conflictedLinks(), []);
      assert.equal(await session.checkpoint('left'), undefined);
    });
  },

  'stores no second link of a copy that another connection keeps': async (world) => {
    await world.inRun(0, (session) => store(session, copied(newLink('1'), '9')));
    await world.inRun(1, async ({ pair }) => {
      const adopted = copied(newLink('1'), '12');
      await fails(pair.commit({ links: [adopted] }), 'permanent', /keeps this copy already/);
      const milestone = copied(newLink('1', { kind: 'milestone' }), '12');
      await pair.commit({ links: [milestone] });
    });
  },

  'shows what was left behind when an original went elsewhere, to every connection': async (world) => {
    const link = copied(newLink('1'), '9');
    const comment = copied(newLink('1#5', { kind: 'comment', parentId: link.id }), '9#6');
    await world.inRun(0, async ({ pair }) => {
      await store({ pair } as SyncSession, link, comment);
      assert.equal((await pair.leftBehind('b 2', ['a 1 1'])).size, 0);
      assert.ok(link.origin);
      const gone = { ...link, state: 'gone', origin: { ...link.origin, key: 'a 7 3' } } as const;
      await pair.commit({ links: [gone, { ...comment, state: 'gone' }] });
    });
    await world.inRun(1, async ({ pair }) => {
      const found = await pair.leftBehind('b 2', ['a 7 3', 'a 7 4']);
      same([...found.keys()], ['a 7 3']);
      assert.equal(found.get('a 7 3')?.link.id, link.id);
      same(ids(found.get('a 7 3')?.children ?? []), [comment.id]);
      assert.equal((await pair.leftBehind('b 3', ['a 7 3'])).size, 0);
      // Nobody keeps the copy any more.
      assert.equal((await pair.claim([newLink('1')])).size, 0);
    });
  },

  'lets a side go from one link to another in one commit': (world) =>
    world.inRun(0, async (session) => {
      const [one, two] = [newLink('1'), newLink('2')];
      await store(session, copied(one, '9'), copied(two, '10'));
      await session.pair.commit({ links: [copied(two, '9'), { ...copied(one, '9'), state: 'severed' }] });
      const found = await session.pair.linksByKey('issue', 'right', [{ projectId: '2', key: '9' }]);
      same(ids(found), [two.id]);
    }),

  'finds what belongs to links, and pages through a kind in the order of ids': (world) =>
    world.inRun(0, async (session) => {
      const [one, two, three] = [newLink('1'), newLink('2'), newLink('3')];
      const comment = newLink('1#5', { kind: 'comment', parentId: one.id });
      await store(session, copied(one, '9'), copied(two, '10'), copied(three, '11'), copied(comment, '9#6'));
      const { pair } = session;
      same(ids(await pair.childrenOf([one.id, two.id])), [comment.id]);
      const first = await pair.page('issue', undefined, 2);
      same(
        first.map(({ id }) => id),
        [one.id, two.id],
      );
      same(ids(await pair.page('issue', two.id, 2)), [three.id]);
      same(await pair.page('issue', three.id, 2), []);
      same(await pair.page('milestone', undefined, 2), []);
    }),

  'keeps one unsettled conflict of a field, with its newest values': async (world) => {
    const link = newLink('1');
    const title = { linkId: link.id, field: 'title', base: 'a', left: 'b', right: 'c' };
    await world.inRun(0, async (session) => {
      const { pair } = session;
      await store(session, copied(link, '9'));
      await pair.commit({ conflicts: [{ ...title, state: 'open' }] });
      await pair.commit({ conflicts: [{ ...title, left: 'bb', state: 'open' }] });
      await pair.commit({ conflicts: [{ ...title, field: 'dueDate', base: null, left: null, state: 'open' }] });
      const open = [...(await pair.openConflicts([link.id]))].sort((a, b) => (a.field < b.field ? -1 : 1));
      same(open, [
        { linkId: link.id, field: 'dueDate', base: null, left: null, right: 'c' },
        { ...title, left: 'bb' },
      ]);
      same(
        (await pair.conflictedLinks()).map(({ id, state }) => [id, state]),
        [[link.id, 'conflicted']],
      );
      await pair.commit({ conflicts: [{ ...title, state: 'closed' }] });
      await pair.commit({ conflicts: [{ ...title, field: 'dueDate', state: 'resolved' }] });
      same(await pair.openConflicts([link.id]), []);
      assert.equal((await pair.linksById([link.id]))[0]?.state, 'active');
      // Nothing is left to settle, so nothing changes.
      await pair.commit({ conflicts: [{ ...title, state: 'resolved' }] });
    });
    same([...(await world.conflictStates(0, link.id))].sort(), ['closed settled', 'resolved settled']);
  },

  'hands a decision to the next run, and drops it where the values are others by then': async (world) => {
    const link = newLink('1');
    const title = { linkId: link.id, field: 'title', base: 'a', left: 'b', right: 'c' };
    const decided = { choice: 'value', value: 'd' } as const;
    await world.inRun(0, async (session) => {
      await store(session, copied(link, '9'));
      await session.pair.commit({ conflicts: [{ ...title, state: 'open' }] });
    });
    await world.decide(0, link.id, 'title', decided);
    await world.inRun(0, async ({ pair }) => {
      same(await pair.openConflicts([link.id]), [{ ...title, resolution: decided }]);
      // The same values again: what was decided stands.
      await pair.commit({ conflicts: [{ ...title, state: 'open' }] });
      same(await pair.openConflicts([link.id]), [{ ...title, resolution: decided }]);
      same(ids(await pair.conflictedLinks()), [link.id]);
      await pair.commit({ conflicts: [{ ...title, right: 'cc', state: 'open' }] });
      same(await pair.openConflicts([link.id]), [{ ...title, right: 'cc' }]);
    });
    await world.decide(0, link.id, 'title', { choice: 'left' });
    await world.inRun(0, ({ pair }) => pair.commit({ conflicts: [{ ...title, state: 'resolved' }] }));
    same(await world.conflictStates(0, link.id), ['resolved settled']);
  },

  'commits cursors, items that are set aside and items that are settled with the links': (world) =>
    world.inRun(0, async (session) => {
      const error = new ConnectorError('permanent', 'The title is too long.');
      const retryAt = session.now();
      await session.pair.commit({
        cursors: { left: { at: 1 }, right: { at: 2 } },
        setAside: [
          { stream: 'left', item: '1', error, retryAt },
          { stream: 'right', item: '1', error },
        ],
      });
      same(await session.checkpoint('left'), { at: 1 });
      same(await session.checkpoint('right'), { at: 2 });
      same(await session.dueItems('left'), []);
      await session.pair.commit({ settled: [{ stream: 'left', item: '1' }], cursors: { left: { at: 3 } } });
      same(await session.checkpoint('left'), { at: 3 });
      await session.pair.commit({ settled: [{ stream: 'right', item: '1' }] });
    }),

  'keeps a pair of places once, in whichever direction': async (world) => {
    await world.inRun(0, async ({ pair }) => {
      await fails(pair.keep({ left: 'a 1', right: 'a 1' }), 'config', /same project/);
      await pair.keep({ left: 'a 1', right: 'b 2' });
      await pair.keep({ left: 'a 1', right: 'b 2' });
    });
    await world.inRun(1, async ({ pair }) => {
      await fails(pair.keep({ left: 'a 1', right: 'b 2' }), 'config', /already/);
      await fails(pair.keep({ left: 'b 2', right: 'a 1' }), 'config', /already/);
      await pair.keep({ left: 'b 2', right: 'c 3' });
    });
  },

  'shows everything to a plan, and takes only what is planned': async (world) => {
    const link = newLink('1');
    await world.inRun(0, (session) => store(session, copied(link, '9')));
    await world.inRun(
      0,
      async (session) => {
        const { pair } = session;
        assert.equal(session.request.kind, 'plan');
        same(ids(await pair.page('issue', undefined, 9)), [link.id]);
        await pair.keep({ left: 'a 1', right: 'b 2' });
        await fails(pair.claim([newLink('2')]), 'permanent', /plan writes nothing/);
        await fails(pair.release([link.id]), 'permanent', /plan writes nothing/);
        await fails(pair.commit({ cursors: { left: {} } }), 'permanent', /plan writes nothing/);
        await fails(session.commit('left', {}, {}), 'permanent', /plan writes nothing/);
        await fails(session.links.intend([{ kind: 'ref', left: refOf('left', 'x') }]), 'permanent', /plan writes/);
        await session.planned([plan]);
      },
      'plan',
    );
    await world.inRun(1, async (session) => {
      // The plan has taken nothing.
      await session.pair.keep({ left: 'a 1', right: 'b 2' });
      await fails(session.planned([plan]), 'permanent', /Only a plan plans/);
    });
  },

  'tells who is who in both directions, but back only where it is clear': async (world) => {
    const forth = { sourceInstanceId: 'A', targetInstanceId: 'B' } as const;
    await world.mapUser({ ...forth, sourceUsername: 'Alice', targetUsername: 'al' });
    await world.mapUser({ ...forth, sourceUsername: 'bob', targetUsername: 'Team' });
    await world.mapUser({ ...forth, sourceUsername: 'carol', targetUsername: 'team' });
    const back = { sourceInstanceId: 'B', targetInstanceId: 'A' } as const;
    await world.mapUser({ ...back, sourceUsername: 'dora', targetUsername: 'dd' });
    await world.mapUser({ ...back, sourceUsername: 'al', targetUsername: 'alice2' });
    const [a, b] = [world.instanceId('A'), world.instanceId('B')];
    await world.inRun(0, async (session) => {
      const map = async (from: string, to: string): Promise<unknown> =>
        Object.fromEntries([...(await session.userMappings(from, to))].sort());
      same(await map(a, b), { alice: 'al', alice2: 'al', bob: 'Team', carol: 'team', dd: 'dora' });
      same(await map(b, a), { al: 'alice2', dora: 'dd' });
      same(await map(a, a), {});
    });
  },

  'stores nothing for a run that has lost its lease': async (world) => {
    const link = newLink('1');
    await fails(
      world.inLostRun(0, async ({ pair }, lose) => {
        await lose();
        await pair.claim([link]);
      }),
      'interrupted',
      /lease/,
    );
    await world.inRun(0, async ({ pair }) => {
      same(await pair.unsettled(), []);
    });
  },
};

interface TestRunner {
  describe(name: string, body: () => void): void;
  it(name: string, body: () => Promise<void>, timeoutMs?: number): void;
}

/** Declares one test for each promise of the pair store. `open` makes an empty hub. */
export function pairStoreContract(name: string, open: () => Promise<PairStoreWorld>): void {
  const { describe, it } = globalThis as unknown as TestRunner;
  describe(`the pair store: ${name}`, () => {
    for (const [promise, run] of Object.entries(pairStoreCases)) {
      it(promise, async () => {
        const world = await open();
        try {
          await run(world);
        } finally {
          await world.close();
        }
      });
    }
  });
}
