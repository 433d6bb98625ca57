import { describe, expect, it } from '@jest/globals';
import type { SyncPolicy } from '../policy.js';
import { place } from '../../test/place.js';
import { settle } from '../../test/settle.js';

describe('a conflict that is open when the policy changes', () => {
  it.each([
    ['source', 'Left'],
    ['target', 'Right'],
    ['newest', 'Right'],
  ] satisfies [SyncPolicy['conflicts'], string][])('is decided by it: %s', async (conflicts, title) => {
    const at = place();
    at.a.addIssue('nora', { title: 'One' });
    await settle(at.world, [at.pair]);
    at.a.editIssue('1', { title: 'Left' });
    at.world.pass(60_000);
    at.b.editIssue('1', { title: 'Right' });
    await settle(at.world, [at.pair]);
    expect(at.pair.store.pair.conflicts).toMatchObject([{ field: 'title', settled: false }]);
    at.pair.policy = { ...at.pair.policy, conflicts };
    await settle(at.world, [at.pair]);
    for (const project of [at.a, at.b]) expect(project.issues.get('1')?.title).toBe(title);
    expect(at.pair.store.pair.conflicts).toMatchObject([{ field: 'title', state: 'resolved', settled: true }]);
  });
});
