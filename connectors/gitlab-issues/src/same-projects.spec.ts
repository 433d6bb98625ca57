import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { PairWorld } from './testing/pair-world.js';

let pair: PairWorld;
beforeEach(async () => {
  pair = await PairWorld.start();
  pair.source.create('One');
});
afterEach(() => pair.stop());

describe('a project that was renamed', () => {
  it('is found by its former path, until another project takes that: then nothing is read or written', async () => {
    const { source, target } = pair;
    const host = pair.host({ bidirectional: true, onDelete: 'close' });
    await pair.sync(host);
    source.world.projects.rename(source.project, 'renamed');
    await pair.sync(host);
    const stranger = source.world.projects.create({ path: 'source', owner: source.project.owner });
    source.world.projects.setMember(stranger, source.bot, 'developer');
    source.world.issues.create(stranger, { title: 'Not for the partner' });
    pair.pass();
    for (const mode of ['incremental', 'full'] as const) {
      const { result, asked } = await pair.requestsOf(() => host.run({ mode }));
      expect([result.status, result.error]).toMatchObject([
        'failed',
        { kind: 'config', path: '/config/source/project', hint: expect.stringContaining(`id, ${source.project.id}.`) },
      ]);
      expect(asked.filter(({ method }) => method !== 'GET')).toEqual([]);
    }
    expect(target.issues.map(({ title, state }) => [title, state])).toEqual([['One', 'opened']]);
    const byId = pair.host(
      { source: { instance: source.instance, project: source.project.id }, bidirectional: true },
      host.store,
    );
    await pair.sync(byId, { mode: 'full' });
    expect(await pair.writesWhenSettled(byId)).toEqual([]);
  });
});
