import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { PairWorld } from './testing/pair-world.js';

let pair: PairWorld;
beforeEach(async () => {
  pair = await PairWorld.start();
});
afterEach(() => pair.stop());

describe('issues that are on both sides before the first sync', () => {
  it('are shown by a plan as they will be linked, with what differs, and nothing is written', async () => {
    const { source, target } = pair;
    source.create('The same', { description: 'One text', labels: ['ours'] });
    source.create('Twice here');
    source.create('Twice there');
    source.world.issues.close(source.create('Only here'), { by: source.nora });
    target.create('The same', { description: 'Another text', dueDate: '2026-05-01' });
    for (const title of ['Twice there', 'Twice there', 'the SAME', 'Only there']) target.create(title);
    const host = pair.host({ matchExisting: 'title', bidirectional: true });
    pair.pass();
    const { result, asked } = await pair.requestsOf(() => host.run({ kind: 'plan' }));
    expect([result.status, result.error]).toEqual(['succeeded', undefined]);
    expect(asked.every(({ method }) => method === 'GET')).toBe(true);
    expect([host.store.pair.all(), host.store.pair.history, host.store.pair.conflicts]).toEqual([[], [], []]);
    const about = (title: string) =>
      result.planned
        .filter((item) => item.title === title && item.kind === 'issue')
        .map(({ op, side, fields }) => [op, side, ...(fields ?? [])].join(' '));
    const [match] = result.planned.filter(({ op }) => op === 'link');
    expect(match).toMatchObject({ ref: { key: '1' }, reason: expect.stringContaining(target.url(1)) });
    expect(about('The same').sort()).toEqual([
      'conflict left description',
      'link right',
      'update left dueDate',
      'update right labels',
    ]);
    // GitLab makes open issues only.
    expect(about('Only here')).toEqual(['create right', 'close right']);
    expect(about('Only there')).toEqual(['create left']);
    // Nobody knows which of two is meant, and letters of another case are another title.
    expect(about('Twice there')).toEqual(['create right', 'create left', 'create left']);
    expect(about('the SAME')).toEqual(['create left']);

    await pair.sync(host);
    expect(source.view(1)).toMatchObject({ labels: ['ours'], dueDate: '2026-05-01' });
    expect(target.view(1)).toMatchObject({ labels: ['ours'], dueDate: '2026-05-01', text: 'Another text' });
    expect(source.view(1).text).toBe('One text');
    expect(host.store.pair.conflicts.map(({ field, state }) => `${field} ${state}`)).toEqual(['description open']);
    expect([source.issues.length, target.issues.length]).toEqual([8, 8]);
    expect(await pair.writesWhenSettled(host)).toEqual([]);
  });

  it('are left alone where nothing was chosen', async () => {
    pair.source.create('The same');
    pair.target.create('The same');
    await pair.sync(pair.host());
    expect(pair.target.issues).toHaveLength(2);
    expect(pair.source.issues).toHaveLength(1);
  });
});

describe('a later plan', () => {
  it('shows every edit with its reason, and writes nothing', async () => {
    const { source, target } = pair;
    const issue = source.create('One', { description: 'Text' });
    const gone = source.create('Gone');
    const host = pair.host({ onDelete: 'close' });
    await pair.sync(host);
    const copy = target.issues.find(({ title }) => title === 'One');
    if (copy === undefined) throw new Error('no copy');
    pair.pass();
    source.world.issues.update(issue, { title: 'Ours', dueDate: '2026-05-01' }, { by: source.nora });
    target.world.issues.update(copy, { title: 'Theirs' }, { by: target.nora });
    source.world.notes.create(issue, { body: 'Said', by: source.nora });
    source.world.issues.close(source.create('New'), { by: source.nora });
    source.world.issues.delete(gone);
    const links = JSON.stringify(host.store.pair.all());
    pair.pass();
    const { result, asked } = await pair.requestsOf(() => host.run({ kind: 'plan', mode: 'full' }));
    expect(result.status).toBe('succeeded');
    expect(asked.every(({ method }) => method === 'GET')).toBe(true);
    expect(JSON.stringify(host.store.pair.all())).toBe(links);
    expect(result.planned.every(({ reason }) => reason !== '')).toBe(true);
    const lines = result.planned.map(({ op, kind, side, fields }) => [op, kind, side, ...(fields ?? [])].join(' '));
    expect(lines.sort()).toEqual([
      // The copy of what is gone, and that of an issue which is closed by now.
      'close issue right',
      'close issue right',
      'conflict issue left title',
      'create comment right',
      'create issue right',
      'update issue right dueDate',
    ]);
  });
});

describe('milestones', () => {
  it('of one title are one from the first match on; others are made with their dates and state', async () => {
    const { source, target } = pair;
    const { milestones } = source.world;
    const same = milestones.create(source.project, { title: 'R1', dueDate: '2026-06-30' });
    const dates = { startDate: '2026-01-01', dueDate: '2026-03-31' };
    const done = milestones.create(source.project, { title: 'R0', description: 'Done', ...dates });
    milestones.update(done, { state: 'closed' });
    const theirs = target.world.milestones.create(target.project, { title: 'R1', dueDate: '2026-07-31' });
    source.create('In R1', { milestone: same });
    source.create('In R0', { milestone: done });
    const host = pair.host({ bidirectional: true });
    await pair.sync(host);
    const copies = [...target.project.milestones.values()];
    expect(copies).toMatchObject([
      { title: 'R1', dueDate: '2026-07-31', state: 'active' },
      { title: 'R0', description: 'Done', ...dates, state: 'closed' },
    ]);
    // From now on by link: another title does not part them, and one that is the same joins nobody.
    milestones.update(same, { title: 'Release 1' });
    milestones.create(source.project, { title: 'R1' });
    await pair.sync(host, { mode: 'full' });
    expect(theirs.title).toBe('Release 1');
    pair.pass();
    const issue = target.issues.find(({ title }) => title === 'In R0');
    if (issue === undefined) throw new Error('no copy');
    target.world.issues.update(issue, { milestone: theirs }, { by: target.nora });
    await pair.sync(host);
    expect(source.issues.map(({ milestone }) => milestone?.id)).toEqual([same.id, same.id]);
    expect(target.project.milestones.size).toBe(2);
    expect(await pair.writesWhenSettled(host)).toEqual([]);
  });

  it('move both their dates at once, and leave a title that is taken to people, who are told once', async () => {
    const { source, target } = pair;
    const { milestones } = source.world;
    const ours = milestones.create(source.project, { title: 'R1', startDate: '2026-06-01', dueDate: '2026-06-10' });
    source.create('One', { milestone: ours });
    const host = pair.host();
    await pair.sync(host);
    target.world.milestones.create(target.project, { title: 'R1 final' });
    milestones.update(ours, { title: 'R1 final', startDate: '2026-06-20', dueDate: '2026-06-30' });
    const warnings = async (): Promise<readonly string[]> =>
      (await pair.sync(host, { mode: 'full' })).logs.flatMap(({ level, message }) =>
        level === 'warn' ? [message] : [],
      );
    expect(await warnings()).toEqual([
      expect.stringMatching(/“R1 final” in the source, “R1” in the target. The target did not take it \(.*title/i),
    ]);
    expect(target.issue(1).milestone).toMatchObject({ title: 'R1', startDate: '2026-06-20', dueDate: '2026-06-30' });
    expect(await warnings()).toEqual([]);
  });

  it('of a group above are used, and never changed', async () => {
    const { source, target } = pair;
    const [group] = target.world.groups.byId.values();
    if (group === undefined) throw new Error('no group');
    const theirs = target.world.milestones.create(group, { title: 'R1' });
    const ours = source.world.milestones.create(source.project, { title: 'R1' });
    source.create('One', { milestone: ours });
    const host = pair.host();
    await pair.sync(host);
    expect(target.issue(1).milestone).toBe(theirs);
    source.world.milestones.update(ours, { title: 'Renamed' });
    await pair.sync(host, { mode: 'full' });
    expect(theirs.title).toBe('R1');
    expect(await pair.writesWhenSettled(host)).toEqual([]);
  });
});

describe('two issues of one title with one match on the other side', () => {
  it('are linked once: the first gets it, the other is copied, in the plan as in the run', async () => {
    const { source, target } = pair;
    for (const title of ['Twin', 'Twin', 'Single']) source.create(title);
    target.create('Twin');
    const host = pair.host({ matchExisting: 'title', bidirectional: true });
    const { planned } = await host.run({ kind: 'plan' });
    expect(planned.map(({ op, side, ref }) => `${op} ${side} ${ref?.key ?? ''}`).sort()).toEqual([
      'create right 2',
      'create right 3',
      'link right 1',
    ]);
    await pair.sync(host);
    expect(target.issues.map(({ title }) => title).sort()).toEqual(['Single', 'Twin', 'Twin']);
    expect(source.issues).toHaveLength(3);
    expect(await pair.writesWhenSettled(host)).toEqual([]);
  });
});
