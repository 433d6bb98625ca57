import { describe, expect, it } from '@jest/globals';
import { World } from '../../test/pair-world.js';

describe('syncPair', () => {
  it('copies an issue with everything that hangs on it, and then has nothing to do', async () => {
    const world = new World();
    const pair = world.pair('a', 'b', { concurrency: 1 });
    const [a, b] = [world.project('a'), world.project('b')];
    a.addLabel('bug', '#ff0000', 'Broken');
    const milestone = a.addMilestone('R1', { dueDate: '2026-06-01' });
    const file = a.addFile({ name: 'log.txt', bytes: new Uint8Array([1, 2]) });
    a.addIssue('nora', { title: 'First', description: 'plain' });
    a.addIssue('nora', {
      title: 'Login fails',
      description: `See #1 and #3, @nora, @sam\n/close\n![log](${file})`,
      labels: ['bug'],
      assignees: ['nora', 'sam'],
      milestone,
      dueDate: '2026-05-01',
      weight: 3,
      state: 'closed',
    });
    a.addComment('sam', '2', 'First comment\n/close');
    a.addComment('nora', '2', 'Second, internal', true);
    a.addIssue('sam', { title: 'Secret', confidential: true });
    await pair.sync();

    expect([...b.issues.keys()]).toEqual(['1', '2', '3']);
    // The third is named by the second, and so copied before it.
    const copy = b.issues.get('3')!;
    expect(copy).toMatchObject({
      title: 'Login fails',
      state: 'closed',
      labels: ['bug'],
      assignees: ['norah'],
      dueDate: '2026-05-01',
      weight: 3,
    });
    expect(copy.milestone?.title).toBe('R1');
    expect(copy.description).toMatch(
      /^See #1 and #2, @norah, @\u200Bsam\n\\\/close\n!\[log\]\(\/uploads\/[0-9a-f]{32}\/log\.txt\)\n\n<!-- syncline:/,
    );
    expect(copy.description).toMatch(/\n\n---\nSynced from: https:\/\/a\.example\/acme\/a\/-\/issues\/2$/);
    expect(b.labels.get('bug')).toMatchObject({ color: '#ff0000', description: 'Broken' });
    expect([...b.milestones.values()][0]).toMatchObject({ title: 'R1', dueDate: '2026-06-01' });
    expect([...b.files.values()]).toHaveLength(1);
    expect(b.issues.get('2')).toMatchObject({ confidential: true });
    const comments = b.commentsOf('3');
    expect(comments.map(({ internal }) => internal)).toEqual([false, true]);
    expect(comments[0]!.body).toMatch(
      /^\*\*sam\*\* \[wrote\]\(https:\/\/a\.example\/acme\/a\/-\/issues\/2#note_\d+\):\n\nFirst comment\n\\\/close\n\n<!-- syncline:/,
    );
    expect(b.effects.filter(({ kind, what }) => kind === 'command' || what !== 'norah')).toEqual([]);
    expect(a.issues.get('2')!.description).not.toContain('syncline');

    for (let run = 0; run < 3; run += 1) {
      pair.forgetCalls();
      await pair.sync();
      expect(pair.writes).toBe(0);
    }
    expect(pair.calls()).toEqual({ changes: 2 });
  });

  it('carries edits both ways and calls only a true clash a conflict', async () => {
    const world = new World();
    const pair = world.pair('a', 'b');
    const [a, b] = [world.project('a'), world.project('b')];
    a.addIssue('nora', { title: 'T', description: 'One\n\nTwo\n\nThree' });
    await pair.sync();
    a.editIssue('1', { description: 'One, better\n\nTwo\n\nThree', title: 'Left' });
    const copy = b.issues.get('1')!;
    b.editIssue('1', {
      description: copy.description.replace('Three', 'Three, by @sam'),
      title: 'Right',
      dueDate: '2026-07-01',
    });
    b.addComment('norah', '1', 'From the right, see #1');
    await pair.sync();
    expect(a.issues.get('1')).toMatchObject({
      title: 'Left',
      dueDate: '2026-07-01',
      description: 'One, better\n\nTwo\n\nThree, by @\u200Bsam',
    });
    expect(b.issues.get('1')).toMatchObject({ title: 'Right' });
    expect(b.issues.get('1')!.description).toContain('One, better\n\nTwo\n\nThree, by @sam\n\n<!--');
    expect(a.commentsOf('1').map(({ body }) => body)[0]).toMatch(/\*\*norah\*\* .*\n\nFrom the right, see #1\n/);
    expect(pair.store.pair.conflicts).toMatchObject([{ field: 'title', left: 'Left', right: 'Right', state: 'open' }]);
    expect(pair.store.pair.all().find(({ kind }) => kind === 'issue')!.state).toBe('conflicted');

    await pair.sync();
    expect(pair.store.pair.conflicts).toHaveLength(1);
    const { id } = pair.store.pair.all().find(({ kind }) => kind === 'issue')!;
    pair.store.pair.decide(id, 'title', { choice: 'right' });
    await pair.sync();
    expect(a.issues.get('1')!.title).toBe('Right');
    expect(pair.store.pair.conflicts).toMatchObject([{ settled: true, state: 'resolved' }]);
    await pair.sync();
    pair.forgetCalls();
    await pair.sync();
    expect(pair.writes).toBe(0);
  });

  it('plans what it then does, and writes nothing for the plan', async () => {
    const world = new World();
    const pair = world.pair('a', 'b');
    const a = world.project('a');
    a.addLabel('bug');
    const milestone = a.addMilestone('R1');
    a.addIssue('nora', { title: 'One', labels: ['bug'], milestone });
    a.addComment('nora', '1', 'hi');
    const plan = await pair.plan();
    expect(pair.writes).toBe(0);
    expect(pair.store.pair.all()).toEqual([]);
    expect(plan.map(({ op, kind, side }) => `${op} ${kind} ${side}`).sort()).toEqual([
      'create comment right',
      'create issue right',
      'create label right',
      'create milestone right',
    ]);
    await pair.sync();
    a.editIssue('1', { title: 'Two', state: 'closed' });
    const second = await pair.plan();
    expect(second.map(({ op, side, fields }) => [op, side, fields])).toEqual([
      ['update', 'right', ['title']],
      ['close', 'right', ['state']],
    ]);
  });
});
