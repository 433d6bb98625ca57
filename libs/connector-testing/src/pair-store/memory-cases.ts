import assert from 'node:assert/strict';
import { ConnectorError } from '@syncline/connector-sdk';
import { type Case, fails, ids, same, store } from './checks.js';
import { copied, newLink, refOf } from './pair-store-world.js';

const plan = { op: 'create', kind: 'issue', side: 'right', reason: 'It has no copy yet.' } as const;

/** What a connection remembers between its runs, all of a commit or nothing of it, and what a plan may see. */
export const memoryCases: Readonly<Record<string, Case>> = {
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
