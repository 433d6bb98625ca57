import { describe, expect, it } from '@jest/globals';
import { ConnectorError } from '@syncline/connector-sdk';
import type { TrackerCall } from '@syncline/connector-testing';
import { place, type Place } from '../../test/place.js';
import { settle } from '../../test/settle.js';

/** The record is lost with the process that was to store it. */
type Loss = 'the answer' | 'the record' | 'the request';

/** An issue in step whose next update is lost in one way or the other. */
async function inStep(loss: Loss): Promise<Place & { readonly lose: (mode?: 'full') => Promise<void> }> {
  let isBroken = false;
  const seam = ({ name, phase }: TrackerCall): void => {
    if (!isBroken || !/^update/.test(name) || phase !== (loss === 'the request' ? 'before' : 'after')) return;
    throw new ConnectorError(loss === 'the record' ? 'interrupted' : 'transient', 'The line was cut.');
  };
  const at = place({ right: { seam } });
  at.a.addIssue('nora', { title: 'One', description: 'first\n\nsecond', labels: [], dueDate: null });
  await settle(at.world, [at.pair]);
  const lose = async (mode?: 'full'): Promise<void> => {
    isBroken = true;
    await at.pair.run(mode === undefined ? {} : { mode });
    isBroken = false;
  };
  return { ...at, lose };
}

describe.each(['the answer', 'the record', 'the request'] as const)('an update that lost %s', (loss) => {
  it('leaves the same line to the side whose people go on with it', async () => {
    const at = await inStep(loss);
    at.a.editIssue('1', { title: 'Two', description: 'first edit\n\nsecond' });
    await at.lose();
    expect(at.b.issues.get('1')?.title).toBe(loss === 'the request' ? 'One' : 'Two');
    at.a.editIssue('1', { title: 'Three', description: 'first edit, once more\n\nsecond' });
    await settle(at.world, [at.pair]);
    expect(at.pair.store.pair.conflicts).toEqual([]);
    expect(at.b.issues.get('1')).toMatchObject({
      title: 'Three',
      description: expect.stringMatching(/^first edit, once more\n\nsecond/),
    });
  });

  it('says in the end what was written', async () => {
    const at = await inStep(loss);
    at.a.editIssue('1', { title: 'Two' });
    await at.lose();
    await settle(at.world, [at.pair]);
    const told = at.pair.store.pair.history.filter(
      ({ action, fields = [] }) => action === 'updated' && fields.includes('title'),
    );
    expect(told).toEqual([expect.objectContaining({ side: 'right' })]);
  });

  it('ends a conflict by the decision that it wrote', async () => {
    const at = await inStep(loss);
    at.a.editIssue('1', { title: 'Two', description: 'mine' });
    at.b.editIssue('1', { title: 'Deux', description: 'yours' });
    await at.pair.sync();
    const { conflicts } = at.pair.store.pair;
    expect(conflicts.map(({ field }) => field).sort()).toEqual(['description', 'title']);
    for (const { field, linkId } of conflicts)
      at.pair.store.pair.decide(
        linkId,
        field,
        field === 'title' ? { choice: 'left' } : { choice: 'value', value: 'ours' },
      );
    await at.lose();
    await settle(at.world, [at.pair]);
    expect(conflicts.map(({ state, settled }) => [state, settled])).toEqual([
      ['resolved', true],
      ['resolved', true],
    ]);
    for (const project of [at.a, at.b])
      expect(project.issues.get('1')).toMatchObject({ title: 'Two', description: expect.stringMatching(/^ours/) });
  });

  it('lets a value be put back to what it was', async () => {
    const at = await inStep(loss);
    at.a.addLabel('urgent');
    at.a.editIssue('1', { state: 'closed', dueDate: '2026-05-01', labels: ['urgent'] });
    await at.lose();
    at.a.editIssue('1', { state: 'opened', dueDate: null, labels: [] });
    await settle(at.world, [at.pair]);
    for (const project of [at.a, at.b])
      expect(project.issues.get('1')).toMatchObject({ state: 'opened', dueDate: null, labels: [] });
  });

  it('leaves a milestone to the side whose people go on with it', async () => {
    const at = await inStep(loss);
    const milestone = at.a.addMilestone('R1');
    at.a.editIssue('1', { milestone });
    await settle(at.world, [at.pair]);
    at.a.milestones.set(milestone.key, { ...milestone, dueDate: '2026-05-01' });
    await at.lose('full');
    at.a.milestones.set(milestone.key, { ...milestone, dueDate: '2026-06-01' });
    await settle(at.world, [at.pair]);
    expect([...at.b.milestones.values()]).toMatchObject([{ title: 'R1', dueDate: '2026-06-01' }]);
  });
});
