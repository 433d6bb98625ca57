import { describe, expect, it } from '@jest/globals';
import { ConnectorError } from '@syncline/connector-sdk';
import type { TrackerCall } from '@syncline/connector-testing';
import { only, place } from '../../test/place.js';
import { expectIdle } from '../../test/settle.js';

describe('a comment whose creation was cut off', () => {
  it('lets both sides of its issue wait until it cannot be under way any more, and loses no edit of either', async () => {
    let isCut = true;
    const seam = ({ name }: TrackerCall): void => {
      if (name === 'createComment' && isCut) throw new ConnectorError('interrupted', 'The process died.');
    };
    const at = place({ right: { seam } });
    at.a.addIssue('nora', { title: 'One' });
    await at.pair.sync();
    at.a.addComment('nora', '1', 'hello');
    await at.pair.run();
    isCut = false;
    at.b.editIssue(only(at.b).key, { title: 'Edited there' });
    at.a.editIssue('1', { dueDate: '2026-05-01' });
    await at.pair.sync();
    const waiting = [...at.pair.store.setAsides].map(({ stream, item, error }) => [stream, item, error.message]);
    const lost = 'The answer to a creation was lost; it is looked for again before it is repeated.';
    expect(waiting.sort()).toEqual([
      ['left', '1', lost],
      ['right', only(at.b).key, lost],
    ]);
    at.world.pass(31_000);
    await at.pair.sync();
    expect([only(at.a).title, only(at.b).dueDate]).toEqual(['Edited there', '2026-05-01']);
    expect(at.b.comments.size).toBe(1);
    expect(at.pair.store.setAsides).toEqual([]);
    expect(await expectIdle([at.pair])).toBe(0);
  });
});
