import assert from 'node:assert/strict';
import { ConnectorError, type Issue } from '@syncline/connector-sdk';
import type { TrackerWorld } from './tracker-world.js';

type Case = (world: TrackerWorld) => Promise<void>;

async function fails(work: Promise<unknown>, kind: ConnectorError['kind'], status?: number): Promise<void> {
  await assert.rejects(work, (error: unknown) => {
    assert.ok(error instanceof ConnectorError, String(error));
    assert.equal(error.kind, kind, error.message);
    if (status !== undefined) assert.equal(error.status, status);
    return true;
  });
}

/** A text as the engine writes it: with a hidden marker, an escaped command and an invisible character. */
const framed =
  'Hello @\u200Bnobody-there\n\\/close\n\n<!-- syncline:1:eyJhIjoxfQ== -->\n\n---\nSynced from: https://x.example/1';

async function createdSince({ tracker }: TrackerWorld, since: Date): Promise<Issue[]> {
  const found: Issue[] = [];
  for await (const page of tracker().createdByMe(since)) found.push(...page);
  return found;
}

/** What is written, and what a failure means. */
export const writingCases: Readonly<Record<string, Case>> = {
  'creates an issue and answers with what it kept': async ({ tracker, people }) => {
    const port = tracker();
    const { fields } = await port.capabilities();
    const created = await port.create({
      title: 'One',
      description: framed,
      ...(fields.includes('labels') && { labels: ['x', 'y'] }),
      ...(fields.includes('assignees') && { assignees: [people.username] }),
      ...(fields.includes('dueDate') && { dueDate: '2026-05-01' }),
      ...(fields.includes('confidential') && { confidential: true }),
    });
    assert.equal(created.description, framed);
    assert.equal(created.author.id, (await port.me()).id);
    if (fields.includes('labels')) assert.deepEqual([...created.labels].sort(), ['x', 'y']);
    if (fields.includes('assignees')) assert.deepEqual(created.assignees, [people.username]);
    if (fields.includes('dueDate')) assert.equal(created.dueDate, '2026-05-01');
    if (fields.includes('confidential')) assert.equal(created.confidential, true);
    assert.deepEqual((await tracker().find([created.key])).get(created.key)?.title, 'One');
  },

  'changes what is named, clears what is empty and leaves the rest': async ({ tracker, people }) => {
    const port = tracker();
    const { fields } = await port.capabilities();
    const { key } = await port.create({
      title: 'One',
      description: 'text',
      labels: ['x'],
      dueDate: '2026-05-01',
      assignees: [people.username],
    });
    const { current, stale } = await port.update(key, {
      state: 'closed',
      description: '',
      dueDate: null,
      labels: { add: [], remove: ['x'], value: [] },
      assignees: { add: [], remove: [people.username], value: [] },
    });
    assert.equal(stale, false);
    assert.deepEqual([current.title, current.description], ['One', '']);
    if (fields.includes('state')) assert.equal(current.state, 'closed');
    assert.deepEqual([current.dueDate, current.labels, current.assignees], [null, [], []]);
    if (fields.includes('state')) assert.equal((await port.update(key, { state: 'opened' })).current.state, 'opened');
  },

  'adds to a set what others added to meanwhile': async ({ tracker, people }) => {
    const port = tracker();
    if (!(await port.capabilities()).fields.includes('labels')) return;
    const { key } = await port.create({ title: 'One', description: '', labels: ['x'] });
    await people.editIssue(key, { labels: ['x', 'theirs'] });
    const { current } = await port.update(key, { labels: { add: ['y'], remove: ['x'], value: ['y'] } });
    assert.deepEqual([...current.labels].sort(), ['theirs', 'y']);
  },

  'writes nothing where somebody was faster, and shows what is there': async ({ tracker, people }) => {
    const port = tracker();
    const created = await port.create({ title: 'One', description: '' });
    await people.editIssue(created.key, { title: 'Theirs' });
    const stale = await port.update(created.key, { title: 'Ours' }, created.version);
    assert.deepEqual([stale.stale, stale.current.title], [true, 'Theirs']);
    const again = await port.update(created.key, { title: 'Ours' }, stale.current.version);
    assert.deepEqual([again.stale, again.current.title], [false, 'Ours']);
    assert.notEqual(again.current.version, stale.current.version);
  },

  'lists what our own account created, and nothing of others': async (world) => {
    const since = new Date(
      Date.parse((await world.tracker().create({ title: 'First', description: '' })).createdAt) - 1,
    );
    await world.people.createIssue({ title: 'Theirs' });
    const own = await world.tracker().create({ title: 'Ours', description: framed });
    const found = await createdSince(world, since);
    assert.deepEqual(found.map(({ title }) => title).sort(), ['First', 'Ours']);
    assert.equal(found.find(({ key }) => key === own.key)?.description, framed);
  },

  'says of a lost answer that the write may have happened, and never repeats it': async (world) => {
    const first = await world.tracker().create({ title: 'First', description: '' });
    const since = new Date(Date.parse(first.createdAt) - 1);
    world.loseNextAnswer();
    await fails(world.tracker().create({ title: 'Lost', description: framed }), 'transient');
    const found = await createdSince(world, since);
    assert.equal(found.filter(({ title }) => title === 'Lost').length, 1);
    world.loseNextAnswer();
    await fails(world.tracker().createComment(first.key, { body: framed, internal: false }), 'transient');
    assert.deepEqual(
      (await world.tracker().comments(first.key)).map(({ body }) => body),
      [framed],
    );
  },

  'writes, edits and deletes comments, internal ones too': async ({ tracker }) => {
    const port = tracker();
    const can = await port.capabilities();
    const { key } = await port.create({ title: 'One', description: '' });
    const comment = await port.createComment(key, { body: framed, internal: can.internalComments });
    assert.deepEqual(
      [comment.body, comment.internal, comment.author.id],
      [framed, can.internalComments, (await port.me()).id],
    );
    if (can.editComments) assert.equal((await port.updateComment(key, comment.id, 'edited')).body, 'edited');
    if (!can.deleteComments) return;
    await port.deleteComment(key, comment.id);
    await port.deleteComment(key, comment.id);
    assert.deepEqual(await port.comments(key), []);
    await fails(port.updateComment(key, comment.id, 'again'), 'permanent', 404);
  },

  'makes labels once': async ({ tracker }) => {
    const port = tracker();
    if (!(await port.capabilities()).createLabels) return;
    const label = { name: 'bug', color: '#ff0000', description: 'Broken' };
    assert.deepEqual(await port.createLabel(label), label);
    assert.deepEqual(await tracker().createLabel({ ...label, color: '#00ff00' }), label);
    assert.deepEqual(
      (await tracker().labels()).filter(({ name }) => name === 'bug'),
      [label],
    );
  },

  'makes milestones once, puts issues in and takes them out, and renames': async ({ tracker }) => {
    const port = tracker();
    if (!(await port.capabilities()).milestones) return;
    const wanted = {
      title: 'R1',
      description: 'First',
      state: 'active',
      startDate: null,
      dueDate: '2026-06-01',
    } as const;
    const made = await port.createMilestone(wanted);
    assert.equal((await tracker().createMilestone(wanted)).key, made.key);
    const issue = await port.create({ title: 'One', description: '', milestone: made.key });
    assert.deepEqual(issue.milestone, { key: made.key, title: 'R1' });
    const renamed = await port.updateMilestone(made.key, { title: 'R1 final', state: 'closed' });
    assert.deepEqual(
      [renamed.key, renamed.title, renamed.state, renamed.dueDate],
      [made.key, 'R1 final', 'closed', '2026-06-01'],
    );
    assert.equal((await port.update(issue.key, { milestone: null })).current.milestone, null);
  },

  'brings attachments there and back, and says when one is gone': async ({ tracker }) => {
    const port = tracker();
    if (!(await port.capabilities()).uploads) return;
    const bytes = new Uint8Array([0, 1, 2, 253, 254, 255]);
    const reference = await port.upload({ name: 'data.bin', bytes });
    assert.deepEqual([...(await tracker().download(reference, 1_000)).bytes], [...bytes]);
    await fails(tracker().download(reference, 3), 'permanent', 413);
    const unknown = reference.replace(/[0-9a-f]{32}/, 'f'.repeat(32));
    await fails(tracker().download(unknown, 1_000), 'permanent', 404);
  },

  'refuses what the remote refuses, for good': async ({ tracker }) => {
    await fails(tracker().create({ title: '', description: '' }), 'permanent');
    await fails(tracker().createComment('987654', { body: 'x', internal: false }), 'permanent');
  },
};
