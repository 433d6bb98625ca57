import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { PairStage } from './support/pair-stage.js';
import { retryOnceInCi } from './support/retry.js';

retryOnceInCi();
jest.setTimeout(600_000);

/** A connection is deleted and the same two projects are connected anew, with the hub as it is shipped. */
describe('a pair of projects whose connection was deleted', () => {
  let stage: PairStage;
  beforeAll(async () => {
    stage = await PairStage.start();
  });
  afterAll(() => stage.stop());

  it('goes on with the copies it has when it is connected again: nothing is made twice', async () => {
    const { hub, source, target, connectionId } = stage;
    const { issues, notes } = source.gitLab.world;
    for (const title of ['One', 'Two']) {
      notes.create(issues.create(source.project, { title, by: source.nora }), { body: 'Said', by: source.nora });
    }
    expect((await hub.sync(connectionId)).status).toBe('succeeded');
    // A copy whose marker somebody took out is known by the links that are left.
    target.gitLab.world.issues.update(target.issue('One'), { description: 'No marker' }, { by: target.nora });
    expect((await hub.sync(connectionId)).status).toBe('succeeded');
    const { config } = await hub.api<{ config: object }>('GET', `/api/connections/${connectionId}`);
    await hub.api('DELETE', `/api/connections/${connectionId}`);

    const again = { name: 'Anew', connectorId: 'gitlab-issues', schedule: null, config };
    const { id } = await hub.api<{ id: string }>('POST', '/api/connections', again);
    for (const mode of ['incremental', 'incremental', 'full'] as const) {
      expect((await hub.sync(id, { mode })).status).toBe('succeeded');
    }
    for (const { project } of [source, target]) {
      const found = [...project.issues.byIid.values()];
      expect(found.map(({ title }) => title).sort()).toEqual(['One', 'Two']);
      expect(found.map((issue) => issue.notes.filter(({ system }) => !system).length)).toEqual([1, 1]);
    }
    source.gitLab.world.issues.update(source.issue('Two'), { dueDate: '2027-01-01' }, { by: source.nora });
    await hub.sync(id);
    expect(target.issue('Two').dueDate).toBe('2027-01-01');
  });
});
