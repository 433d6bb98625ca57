import { describe, expect, it } from '@jest/globals';
import { ConnectorError } from '@syncline/connector-sdk';
import type { TrackerCall } from '@syncline/connector-testing';
import { only, place } from '../../test/place.js';
import { expectIdle, settle } from '../../test/settle.js';

describe('an issue whose copy was deleted and is to be made again', () => {
  it.each(['permanent', 'transient', 'interrupted'] as const)('is made again after a failure: %s', async (kind) => {
    let isBroken = false;
    const seam = ({ name, phase }: TrackerCall): void => {
      if (isBroken && name === 'create' && phase === 'before') throw new ConnectorError(kind, 'Not now.');
    };
    const at = place({ policy: { onDelete: 'recreate' }, right: { seam } });
    const { key } = at.a.addIssue('nora', { title: 'One' });
    at.a.addComment('nora', key, 'first');
    await settle(at.world, [at.pair]);
    at.b.deleteIssue(only(at.b).key);
    isBroken = true;
    await at.pair.run({ mode: 'full' });
    isBroken = false;
    await settle(at.world, [at.pair]);
    expect([...at.b.issues.values()].map(({ title }) => title)).toEqual(['One']);
    expect(at.b.commentsOf(only(at.b).key)).toHaveLength(1);
    expect(await expectIdle([at.pair])).toBe(0);
  });

  it.each(['permanent', 'transient', 'interrupted'] as const)('so is an original: %s', async (kind) => {
    let isBroken = false;
    const seam = ({ name, phase }: TrackerCall): void => {
      if (isBroken && name === 'create' && phase === 'before') throw new ConnectorError(kind, 'Not now.');
    };
    const at = place({ policy: { onDelete: 'recreate' }, left: { seam } });
    at.a.addIssue('nora', { title: 'One' });
    await settle(at.world, [at.pair]);
    at.a.deleteIssue('1');
    isBroken = true;
    await at.pair.run({ mode: 'full' });
    isBroken = false;
    await settle(at.world, [at.pair]);
    expect([...at.a.issues.values()].map(({ title }) => title)).toEqual(['One']);
    expect(at.b.issues.size).toBe(1);
    expect(await expectIdle([at.pair])).toBe(0);
  });
});
