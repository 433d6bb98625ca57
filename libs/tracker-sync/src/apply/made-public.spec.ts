import { describe, expect, it } from '@jest/globals';
import { ConnectorError } from '@syncline/connector-sdk';
import type { TrackerCall } from '@syncline/connector-testing';
import { only, place } from '../../test/place.js';
import { settle } from '../../test/settle.js';

describe('a copy of a confidential issue that somebody made public', () => {
  it('gets no comment before it is hidden again', async () => {
    let refuses = false;
    const seam = ({ name, phase }: TrackerCall): void => {
      if (refuses && /^update/.test(name) && phase === 'before') throw new ConnectorError('permanent', 'Not allowed.');
    };
    const at = place({ right: { seam } });
    const { key } = at.a.addIssue('nora', { title: 'Secret', confidential: true });
    at.a.addComment('nora', key, 'first');
    await settle(at.world, [at.pair]);
    const copy = only(at.b).key;
    at.b.editIssue(copy, { confidential: false });
    at.a.addComment('nora', key, 'not for everybody');
    refuses = true;
    await at.pair.run();
    expect(at.b.commentsOf(copy)).toHaveLength(1);
    refuses = false;
    await settle(at.world, [at.pair]);
    expect(only(at.b).confidential).toBe(true);
    expect(at.b.commentsOf(copy)).toHaveLength(2);
  });
});
