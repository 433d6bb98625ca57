import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { PairWorld } from './testing/pair-world.js';

let pair: PairWorld;
beforeEach(async () => {
  pair = await PairWorld.start();
});
afterEach(() => pair.stop());

describe('what is confidential', () => {
  it('stays so: issues, and internal notes', async () => {
    const { source, target } = pair;
    const issue = source.create('Secret', { confidential: true });
    source.world.notes.create(issue, { body: 'For members', internal: true, by: source.nora });
    source.world.notes.create(issue, { body: 'For all', by: source.nora });
    const host = pair.host();
    await pair.sync(host);
    expect(target.view(1).confidential).toBe(true);
    expect(target.view(1).comments.map(({ internal }) => internal)).toEqual([true, false]);
    expect(await pair.writesWhenSettled(host)).toEqual([]);
  });

  it('takes its peer along when an issue turns confidential later', async () => {
    const { source, target } = pair;
    const issue = source.create('Public yet');
    const host = pair.host();
    await pair.sync(host);
    pair.pass();
    source.world.issues.update(issue, { confidential: true, description: 'The secret' }, { by: source.nora });
    await pair.sync(host);
    expect(target.view(1)).toMatchObject({ confidential: true, text: expect.stringContaining('The secret') });
  });

  it('is not copied at all where that was chosen, nor its comments', async () => {
    const { source, target } = pair;
    source.create('Secret', { confidential: true });
    const open = source.create('Open');
    source.world.notes.create(open, { body: 'For members', internal: true, by: source.nora });
    await pair.sync(pair.host({ confidential: 'skip' }));
    expect(target.issues.map(({ title }) => title)).toEqual(['Open']);
    expect(target.comments(1)).toEqual([]);
  });
});
