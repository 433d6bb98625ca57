import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
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

  it('is copied again where that was chosen', async () => {
    const host = pair.host({ onDelete: 'recreate' });
    await pair.sync(host);
    pair.target.world.issues.delete(pair.target.issue(1));
    await pair.sync(host, { mode: 'full' });
    expect(pair.target.issues.map(({ title }) => title).sort()).toEqual(['One', 'Two']);
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
});
