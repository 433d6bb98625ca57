import assert from 'node:assert/strict';
import type { SyncSession } from '@syncline/connector-sdk';
import { type Case, fails, ids, same, store } from './checks.js';
import { copied, newLink, refOf } from './pair-store-world.js';

/** That no copy is made twice: who may make it, who has it, and what becomes of the right to it. */
export const copyCases: Readonly<Record<string, Case>> = {
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
};
