import { describe, expect, it } from '@jest/globals';
import { ConnectorError, type TrackerMilestone } from '@syncline/connector-sdk';
import type { MemoryProject, TrackerCall } from '@syncline/connector-testing';
import { bothWays } from '../../test/pair-world.js';
import { place, type Place } from '../../test/place.js';
import { expectIdle } from '../../test/settle.js';
import type { SyncPolicy } from '../index.js';

const oneWay: Partial<SyncPolicy> = {
  fields: Object.fromEntries(Object.keys(bothWays.fields).map((field) => [field, 'toRight'])),
  creates: 'toRight',
  comments: 'toRight',
};

const milestone = ({ milestones }: MemoryProject): TrackerMilestone => {
  const [only] = [...milestones.values()];
  if (only === undefined) throw new Error('no milestone');
  return only;
};

function change(project: MemoryProject, patch: Partial<TrackerMilestone>): void {
  const known = milestone(project);
  project.milestones.set(known.key, { ...known, ...patch });
}

/** Two projects with a milestone that is in step. */
async function linked(setup: Parameters<typeof place>[0] = {}): Promise<Place> {
  const at = place(setup);
  at.a.addIssue('nora', { title: 'One', milestone: at.a.addMilestone('R1', { dueDate: '2026-06-01' }) });
  await at.pair.sync();
  return at;
}

const fullPass = async ({ pair }: Place): Promise<readonly string[]> =>
  (await pair.sync({ mode: 'full' })).logs.filter(({ level }) => level === 'warn').map(({ message }) => message);

const told = ({ pair }: Place): readonly string[] =>
  pair.store.pair.history.filter(({ action }) => action === 'conflicted').map(({ reason }) => reason);

describe('a milestone that both sides changed differently', () => {
  it('stays as it is, and is told once with its name, the field, both values and what to do', async () => {
    const at = await linked();
    change(at.a, { dueDate: '2026-06-15', description: 'Ours' });
    change(at.b, { dueDate: '2026-07-01' });
    const line =
      'The due date of milestone “R1” differs: “2026-06-15” in the source, “2026-07-01” in the target. Both sides ' +
      'changed it differently. Both stay as they are until somebody gives them the same value, on either side.';
    expect(await at.pair.plan({ mode: 'full' })).toMatchObject([
      { op: 'update', kind: 'milestone', side: 'right', fields: ['description'] },
      { op: 'conflict', kind: 'milestone', fields: ['dueDate'], reason: line },
    ]);
    expect(await fullPass(at)).toEqual([line]);
    expect([milestone(at.a).dueDate, milestone(at.b).dueDate]).toEqual(['2026-06-15', '2026-07-01']);
    expect(milestone(at.b).description).toBe('Ours');
    expect(await fullPass(at)).toEqual([]);
    expect(told(at)).toEqual([line]);
    expect(await at.pair.plan({ mode: 'full' })).toEqual([]);
    expect(await expectIdle([at.pair])).toBe(0);
  });

  it('is told again with newer values, and no more once both have the same one', async () => {
    const at = await linked();
    change(at.a, { state: 'closed', title: 'Ours' });
    change(at.b, { title: 'Theirs' });
    await fullPass(at);
    expect(milestone(at.b).state).toBe('closed');
    change(at.b, { title: 'Theirs, too' });
    expect(await fullPass(at)).toEqual([expect.stringContaining('“Theirs, too”')]);
    change(at.b, { title: 'Ours' });
    expect(await fullPass(at)).toEqual([]);
    change(at.a, { title: 'Anew' });
    await fullPass(at);
    expect(milestone(at.b).title).toBe('Anew');
    expect(told(at)).toHaveLength(2);
  });

  it('follows one side again where the other takes its change back', async () => {
    const at = await linked();
    change(at.a, { dueDate: null });
    change(at.b, { dueDate: '2026-07-01' });
    expect(await fullPass(at)).toEqual([expect.stringContaining('none in the source')]);
    change(at.a, { dueDate: '2026-06-01' });
    expect(await fullPass(at)).toEqual([]);
    expect(milestone(at.a).dueDate).toBe('2026-07-01');
  });

  it.each([
    ['source', '2026-06-15'],
    ['target', '2026-07-01'],
  ] as const)('goes by the policy that lets the %s win', async (conflicts, winner) => {
    const at = await linked({ policy: { conflicts } });
    change(at.a, { dueDate: '2026-06-15' });
    change(at.b, { dueDate: '2026-07-01' });
    expect(await fullPass(at)).toEqual([]);
    expect([milestone(at.a).dueDate, milestone(at.b).dueDate]).toEqual([winner, winner]);
    expect(told(at)).toEqual([]);
    expect(await expectIdle([at.pair])).toBe(0);
  });

  it('is told where the policy lets a side win that is not written from', async () => {
    const at = await linked({ policy: { ...oneWay, conflicts: 'target' } });
    change(at.b, { dueDate: '2026-07-01' });
    expect(await fullPass(at)).toEqual([]);
    change(at.a, { dueDate: '2026-06-15' });
    expect(await fullPass(at)).toEqual([expect.stringContaining('“2026-07-01” in the target')]);
  });
});

describe('a milestone', () => {
  it('that was different when the two were linked is told once, and follows the next change', async () => {
    const at = place();
    at.b.addMilestone('R1', { dueDate: '2026-07-01' });
    at.a.addIssue('nora', { title: 'One', milestone: at.a.addMilestone('R1', { dueDate: '2026-06-01' }) });
    await at.pair.sync();
    expect(await fullPass(at)).toEqual([expect.stringContaining('They have not agreed on it since they were linked.')]);
    expect(await fullPass(at)).toEqual([]);
    change(at.b, { dueDate: '2026-08-01' });
    await fullPass(at);
    expect(milestone(at.a).dueDate).toBe('2026-08-01');
  });

  it('that a side refuses holds up no other field and no issue, is told once and tried again', async () => {
    let refuses = true;
    const seam = ({ name }: TrackerCall): void => {
      if (name === 'updateMilestone' && refuses && milestone(at.a).title === 'R2' && milestone(at.b).title === 'R1') {
        refuses = false;
        throw new ConnectorError('permanent', 'Title already being used');
      }
    };
    const at = await linked({ right: { seam } });
    change(at.a, { title: 'R2', dueDate: '2026-06-15' });
    at.a.addIssue('nora', { title: 'Two' });
    expect(await fullPass(at)).toEqual([
      expect.stringContaining('The target did not take it (Title already being used)'),
    ]);
    expect(milestone(at.b)).toMatchObject({ title: 'R1', dueDate: '2026-06-15' });
    expect(at.b.issues.size).toBe(2);
    refuses = true;
    expect(await fullPass(at)).toEqual([]);
    expect(milestone(at.b).title).toBe('R1');
    refuses = false;
    expect(await fullPass(at)).toEqual([]);
    expect(milestone(at.b).title).toBe('R2');
  });
});
