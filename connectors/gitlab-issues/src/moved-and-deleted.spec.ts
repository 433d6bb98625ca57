import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { PairWorld } from './testing/pair-world.js';

let pair: PairWorld;
beforeEach(async () => {
  pair = await PairWorld.start();
  pair.source.create('One');
  pair.source.create('Two');
});
afterEach(() => pair.stop());

const stateOf = (host: ReturnType<PairWorld['host']>, key: string): string | undefined =>
  host.store.pair.all().find(({ kind, left }) => kind === 'issue' && left?.key === key)?.state;

describe('a deleted issue', () => {
  it('severs its link, and its copy stays', async () => {
    const host = pair.host();
    await pair.sync(host);
    pair.source.world.issues.delete(pair.source.issue(1));
    await pair.sync(host, { mode: 'full' });
    expect(pair.target.view(1).state).toBe('opened');
    expect(['gone', 'severed']).toContain(stateOf(host, '1'));
    expect(await pair.writesWhenSettled(host)).toEqual([]);
  });

  it('closes its copy where that was chosen', async () => {
    const host = pair.host({ onDelete: 'close' });
    await pair.sync(host);
    pair.source.world.issues.delete(pair.source.issue(1));
    await pair.sync(host, { mode: 'full' });
    expect([pair.target.view(1).state, pair.target.view(2).state]).toEqual(['closed', 'opened']);
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
    expect(target.view(1).state).toBe('opened');
    expect(['gone', 'severed']).toContain(stateOf(host, '1'));
    expect(await pair.writesWhenSettled(host)).toEqual([]);
  });
});
