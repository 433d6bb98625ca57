import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { MemoryHub, MemoryStore, type Project } from '@syncline/connector-testing';
import { PairWorld } from './testing/pair-world.js';

let pair: PairWorld;
beforeEach(async () => {
  pair = await PairWorld.start();
  pair.source.create('One');
  pair.source.create('Two');
});
afterEach(() => pair.stop());

/** Copies that are made at the same time have their numbers in any order. */
const copyOf = (title: string): number => {
  const copy = pair.target.issues.find((issue) => issue.title === title);
  if (copy === undefined) throw new Error(`no copy of ${title}`);
  return copy.iid;
};

const stateOf = (host: ReturnType<PairWorld['host']>, key: string): string | undefined =>
  host.store.pair.all().find(({ kind, left }) => kind === 'issue' && left?.key === key)?.state;

describe('a deleted issue', () => {
  it('severs its link, and its copy stays', async () => {
    const host = pair.host();
    await pair.sync(host);
    pair.source.world.issues.delete(pair.source.issue(1));
    await pair.sync(host, { mode: 'full' });
    expect(pair.target.view(copyOf('One')).state).toBe('opened');
    expect(['gone', 'severed']).toContain(stateOf(host, '1'));
    expect(await pair.writesWhenSettled(host)).toEqual([]);
  });

  it('closes its copy where that was chosen', async () => {
    const host = pair.host({ onDelete: 'close' });
    await pair.sync(host);
    pair.source.world.issues.delete(pair.source.issue(1));
    await pair.sync(host, { mode: 'full' });
    expect(['One', 'Two'].map((title) => pair.target.view(copyOf(title)).state)).toEqual(['closed', 'opened']);
  });

  it('is copied again where that was chosen, with its comments', async () => {
    pair.source.world.notes.create(pair.source.issue(1), { body: 'Said', by: pair.source.nora });
    const host = pair.host({ onDelete: 'recreate' });
    await pair.sync(host);
    pair.target.world.issues.delete(pair.target.issue(copyOf('One')));
    await pair.sync(host, { mode: 'full' });
    expect(pair.target.issues.map(({ title }) => title).sort()).toEqual(['One', 'Two']);
    expect(pair.target.comments(copyOf('One'))).toHaveLength(1);
    expect(await pair.writesWhenSettled(host)).toEqual([]);
  });

  it('is not one that cannot be seen: a project that is closed to us changes nothing over there', async () => {
    const host = pair.host({ onDelete: 'close' });
    await pair.sync(host);
    pair.source.world.projects.setMember(pair.source.project, pair.source.bot, null);
    pair.pass();
    const { asked, result } = await pair.requestsOf(() => host.run({ mode: 'full' }));
    expect(result.error).toMatchObject({ kind: 'config', path: '/config/source/project' });
    expect(asked.filter(({ method }) => method !== 'GET')).toEqual([]);
    expect(pair.target.issues.every(({ state }) => state === 'opened')).toBe(true);
  });
});

describe('a deleted comment', () => {
  it.each([
    ['keep', 2],
    ['delete', 1],
  ] as const)('leaves its copy where it is told to %s it', async (onCommentDelete, left) => {
    const { source, target } = pair;
    const [first] = ['Said first', 'Said then'].map((body) =>
      source.world.notes.create(source.issue(1), { body, by: source.nora }),
    );
    if (first === undefined) throw new Error('no comment');
    const host = pair.host({ bidirectional: true, onCommentDelete });
    await pair.sync(host);
    source.world.notes.delete(first);
    await pair.sync(host, { mode: 'full' });
    expect(target.comments(copyOf('One'))).toHaveLength(left);
    expect(source.comments(1).map(({ body }) => body)).toEqual(['Said then']);
    expect(await pair.writesWhenSettled(host)).toEqual([]);
  });

  it('that was a copy never takes the original along', async () => {
    const { source, target } = pair;
    source.world.notes.create(source.issue(1), { body: 'Said', by: source.nora });
    const host = pair.host({ bidirectional: true, onCommentDelete: 'delete' });
    await pair.sync(host);
    const [copy] = target.comments(copyOf('One'));
    if (copy === undefined) throw new Error('no copy');
    target.world.notes.delete(copy);
    await pair.sync(host, { mode: 'full' });
    expect([source.comments(1).length, target.comments(copyOf('One')).length]).toEqual([1, 0]);
    expect(await pair.writesWhenSettled(host)).toEqual([]);
  });
});

describe('a moved issue', () => {
  it('does not close its copy as if it were done', async () => {
    const { source, target } = pair;
    const away = source.world.projects.create({ path: 'away', owner: source.project.owner });
    source.world.projects.setMember(away, source.nora, 'developer');
    const host = pair.host();
    await pair.sync(host);
    pair.pass();
    source.world.issues.move(source.issue(1), away, { by: source.nora });
    await pair.sync(host);
    expect(target.view(copyOf('One')).state).toBe('opened');
    expect(['gone', 'severed']).toContain(stateOf(host, '1'));
    expect(await pair.writesWhenSettled(host)).toEqual([]);
  });

  describe('into a project that another connection keeps in step with the same target', () => {
    let next: Project;
    let hub: MemoryHub;
    const side = (project: string) => ({ instance: pair.source.instance, project });
    // Both ways, but nothing new comes by itself: else the one would bring what the other has brought.
    const hostOf = (project: string, store: string, more: object = {}) =>
      pair.host(
        { source: side(project), bidirectional: true, filter: { labels: ['none'] }, ...more },
        new MemoryStore(hub, store),
      );
    const bring = async (host: ReturnType<typeof hostOf>) => {
      const items = ['1', '2'].map((key) => ({ side: 'left' as const, key }));
      await pair.sync(host, { items });
    };
    const issueOf = (project: Project, title: string) => {
      const issue = [...project.issues.byIid.values()].find((known) => known.title === title && known.movedTo === null);
      if (issue === undefined) throw new Error(`no issue ${title}`);
      return issue;
    };

    beforeEach(() => {
      const { source } = pair;
      hub = new MemoryHub();
      next = source.world.projects.create({ path: 'next', owner: source.project.owner });
      for (const user of [source.bot, source.nora]) source.world.projects.setMember(next, user, 'developer');
    });

    it('goes on with the copy and the comments it has', async () => {
      const { source, target } = pair;
      const { issues, notes, uploads } = source.world;
      const file = uploads.create(source.project, 'log.txt', Buffer.from('log'), source.nora);
      const one = source.issue(1);
      const text = `See #2 and [log](/uploads/${file.secret}/${file.filename}).`;
      issues.update(one, { description: text, dueDate: '2026-05-01' }, { by: source.nora });
      for (const body of ['First', 'Like #2', 'Third']) notes.create(one, { body, by: source.nora });
      const [from, to] = [hostOf('acme/source', 'from'), hostOf('acme/next', 'to')];
      await bring(from);
      await pair.sync(to);
      const copy = target.issue(copyOf('One'));
      target.world.notes.create(copy, { body: 'From over there', by: target.nora });
      await pair.sync(from);
      const before = target.comments(copy.iid).map(({ id }) => id);
      expect(before).toHaveLength(4);

      pair.pass();
      issues.move(one, next, { by: source.nora });
      for (const host of [from, to]) await pair.sync(host);
      expect(target.issues.map(({ title }) => title).sort()).toEqual(['One', 'Two']);
      expect(copy.state).toBe('opened');
      expect(copy.description).toContain(`Synced from: ${source.gitLab.url}/acme/next/-/issues/1`);
      expect(copy.description).toContain(`See ${source.url(2)} and`);
      expect(target.comments(copy.iid).map(({ id }) => id)).toEqual(before);
      for (const host of [from, to]) expect(await pair.writesWhenSettled(host)).toEqual([]);

      const moved = issueOf(next, 'One');
      const said = moved.notes.filter(({ system }) => !system);
      expect(said.map(({ body }) => body.split('\n').at(0))).toEqual([
        'First',
        'Like acme/source#2',
        'Third',
        expect.stringContaining(target.nora.name),
      ]);
      pair.pass();
      issues.update(moved, { dueDate: null, labels: ['moved'] }, { by: source.nora });
      notes.update(said[1]!, 'Second, edited', { by: source.nora });
      notes.create(moved, { body: 'Fifth', by: source.nora });
      target.world.issues.update(copy, { title: 'One, from over there' }, { by: target.nora });
      await pair.sync(to);
      expect(target.view(copy.iid)).toMatchObject({ dueDate: null, labels: ['moved'] });
      const there = target.view(copy.iid).comments.map(({ body }) => body.split('\n').at(-1));
      expect(there).toEqual(['First', 'Second, edited', 'Third', 'From over there', 'Fifth']);
      expect([moved.title, moved.description?.includes('Synced from')]).toEqual(['One, from over there', false]);
      for (const host of [from, to]) expect(await pair.writesWhenSettled(host)).toEqual([]);
    });

    it('is planned as what it will be', async () => {
      const [from, to] = [hostOf('acme/source', 'from'), hostOf('acme/next', 'to')];
      await bring(from);
      await pair.sync(to);
      pair.pass();
      pair.source.world.issues.move(pair.source.issue(1), next, { by: pair.source.nora });
      await pair.sync(from);
      const { planned } = await to.run({ kind: 'plan' });
      expect(planned.filter(({ kind }) => kind === 'issue').map(({ op }) => op)).toEqual(['link']);
      await pair.sync(to);
      expect(pair.target.issues).toHaveLength(2);
    });

    it('is another issue where that was chosen', async () => {
      const [from, to] = [
        hostOf('acme/source', 'from', { onMove: 'sever' }),
        hostOf('acme/next', 'to', { onMove: 'sever', bidirectional: false, filter: {} }),
      ];
      await bring(from);
      await pair.sync(to);
      pair.pass();
      pair.source.world.issues.move(pair.source.issue(1), next, { by: pair.source.nora });
      for (const host of [from, to]) await pair.sync(host);
      expect(pair.target.issues.map(({ title }) => title).sort()).toEqual(['One', 'One', 'Two']);
      for (const host of [from, to]) expect(await pair.writesWhenSettled(host)).toEqual([]);
    });

    it('makes no second copy of a copy that was moved', async () => {
      const { source, target } = pair;
      const other = target.world.projects.create({ path: 'elsewhere', owner: target.project.owner });
      for (const user of [target.bot, target.nora]) target.world.projects.setMember(other, user, 'developer');
      const elsewhere = { target: { instance: target.instance, project: 'acme/elsewhere' } };
      source.world.notes.create(source.issue(1), { body: 'Said', by: source.nora });
      const from = hostOf('acme/source', 'from');
      await pair.sync(from, { items: [{ side: 'left', key: '1' }] });
      pair.pass();
      target.world.issues.move(target.issue(1), other, { by: target.nora });
      await pair.sync(from);
      const to = hostOf('acme/source', 'to', elsewhere);
      for (let round = 1; round <= 2; round += 1) await pair.sync(to);
      expect([...other.issues.byIid.values()].map(({ title }) => title)).toEqual(['One']);
      expect(source.issues.map(({ title }) => title)).toEqual(['One', 'Two']);
      expect(source.comments(1)).toHaveLength(1);
      source.world.issues.update(source.issue(1), { dueDate: '2026-07-01' }, { by: source.nora });
      await pair.sync(to);
      expect(issueOf(other, 'One').dueDate).toBe('2026-07-01');
      expect(await pair.writesWhenSettled(to)).toEqual([]);
    });
  });
});
