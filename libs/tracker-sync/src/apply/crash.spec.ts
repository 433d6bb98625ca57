import { describe, expect, it } from '@jest/globals';
import { ConnectorError } from '@syncline/connector-sdk';
import type { TrackerCall } from '@syncline/connector-testing';
import { type Pair, World } from '../../test/pair-world.js';
import { expectIdle, seen, settle } from '../../test/settle.js';

/** Where a run is stopped: at the nth moment of all, remote or stored. */
interface Stop {
  readonly at: number;
  /** `die`: the process is gone. `lose`: only the answer is. */
  readonly how: 'die' | 'lose';
}

class Moments {
  count = 0;
  stop: Stop | undefined;
  private dead = false;

  reset(stop?: Stop): void {
    this.count = 0;
    this.stop = stop;
    this.dead = false;
  }

  /** Throws at the chosen moment; after a death nothing gets through any more. */
  pass(isRemoteAnswer: boolean): void {
    if (this.dead) throw new ConnectorError('interrupted', 'the process is gone');
    this.count += 1;
    if (this.stop?.at !== this.count) return;
    if (this.stop.how === 'lose') {
      if (isRemoteAnswer) throw new ConnectorError('transient', 'the answer was lost');
      return;
    }
    this.dead = true;
    throw new ConnectorError('interrupted', 'the process is gone');
  }
}

/** Creates, updates, comments, labels, milestones, attachments and a conflict, in both directions. */
async function scenario(moments: Moments): Promise<{ world: World; pair: Pair }> {
  const world = new World();
  const seam = ({ phase }: TrackerCall): void => moments.pass(phase === 'after');
  moments.reset();
  const pair = world.pair('a', 'b', { concurrency: 2, left: { seam }, right: { seam } });
  const [a, b] = [world.project('a'), world.project('b')];
  a.addIssue('nora', { title: 'Linked', description: 'One\n\nTwo\n\nThree' });
  a.addComment('nora', '1', 'old comment');
  await pair.sync();

  a.addLabel('bug', '#ff0000');
  const milestone = a.addMilestone('R1', { dueDate: '2026-06-01' });
  const file = a.addFile({ name: 'log.txt', bytes: new Uint8Array([1]) });
  a.addIssue('nora', {
    title: 'New',
    description: `see #1 ![x](${file})`,
    labels: ['bug'],
    assignees: ['nora'],
    milestone,
  });
  a.addComment('nora', '2', 'first');
  a.addComment('sam', '2', 'second');
  a.addIssue('nora', { title: 'Closed one', state: 'closed' });
  b.addIssue('norah', { title: 'From the right', description: 'text', labels: ['other'] });
  b.addComment('norah', '2', 'right comment');
  a.editIssue('1', { title: 'Left title', labels: ['bug'], description: 'One!\n\nTwo\n\nThree' });
  b.editIssue('1', {
    title: 'Right title',
    dueDate: '2026-07-01',
    description: b.issues.get('1')!.description.replace('Three', 'Three!'),
  });
  a.editComment([...a.comments.keys()][0]!, 'old comment, edited');
  moments.reset();
  return { world, pair };
}

const outcome = (world: World, pair: Pair): unknown => ({
  left: seen(world.project('a')),
  right: seen(world.project('b')),
  conflicts: pair.store.pair.conflicts.map(({ field, left, right, state }) => ({ field, left, right, state })),
});

describe('a run that is stopped anywhere', () => {
  it.each(['die', 'lose'] as const)(
    'ends as one that was not, after it is run again (%s)',
    async (how) => {
      const moments = new Moments();
      const calm = await scenario(moments);
      await calm.pair.sync();
      const points = moments.count;
      await settle(calm.world, [calm.pair]);
      const expected = outcome(calm.world, calm.pair);
      let duplicates = 0;
      for (let at = 1; at <= points; at += 1) {
        const { world, pair } = await scenario(moments);
        moments.reset({ at, how });
        await pair.run();
        moments.reset();
        await settle(world, [pair]);
        const titles = [...world.project('b').issues.values()].map(({ title }) => title);
        duplicates += titles.length - new Set(titles).size;
        expect({ at, ...(outcome(world, pair) as object) }).toEqual({ at, ...(expected as object) });
        expect(await expectIdle([pair])).toBe(0);
      }
      process.stdout.write(`remote moments (${how}): points ${points}, duplicates ${duplicates}, lost 0\n`);
      expect(points).toBeGreaterThan(40);
    },
    120_000,
  );

  it('ends as one that was not when it dies at any commit', async () => {
    const moments = new Moments();
    const calm = await scenario(moments);
    let points = 0;
    await calm.pair.sync({ onCommit: () => void (points += 1) });
    await settle(calm.world, [calm.pair]);
    const expected = outcome(calm.world, calm.pair);
    for (let at = 1; at <= points; at += 1) {
      for (const disturbance of [{ dieAfterCommit: at }, { loseLeaseAtCommit: at }, { failCommit: at }]) {
        const { world, pair } = await scenario(moments);
        await pair.run(disturbance);
        await settle(world, [pair]);
        expect({ at, ...disturbance, ...(outcome(world, pair) as object) }).toEqual({
          at,
          ...disturbance,
          ...(expected as object),
        });
        expect(await expectIdle([pair])).toBe(0);
      }
    }
    process.stdout.write(`commits: points ${points * 3}, duplicates 0, lost 0\n`);
  }, 120_000);
});
