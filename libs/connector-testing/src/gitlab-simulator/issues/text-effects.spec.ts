import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { startAcme, type Acme } from '../testing/acme.js';
import { ask, pluck, type Answer } from '../testing/ask.js';
import type { Issue } from './model/issue.js';

const base = '/projects/1/issues';

describe('what texts set off', () => {
  let acme: Acme;
  let issue: Issue;
  beforeEach(async () => {
    acme = await startAcme();
    issue = acme.gitlab.world.issues.create(acme.project, { title: 'Subject', by: acme.nora });
  });
  afterEach(async () => {
    await acme.gitlab.stop();
  });
  const send = (method: string, path: string, body: unknown, token = acme.token): Promise<Answer> =>
    ask(acme.gitlab, token, path, { method, body });
  const told = () => acme.gitlab.world.notifications.all.map(({ user, reason }) => `${reason} ${user.username}`);

  it('commands in a note act, and leave the note without them', async () => {
    const { world } = acme.gitlab;
    world.labels.create(acme.project, { name: 'two words' });
    world.milestones.create(acme.project, { title: 'R1' });
    const body =
      'Done.\n/label ~"two words" ~unknown\n/assign me\n/milestone %R1\n/due 2026-05-01\n/title Other\n/close\n';
    const answer = await send('POST', `${base}/1/notes`, { body });
    expect([answer.status, answer.object()['body']]).toEqual([201, 'Done.']);
    expect(issue).toMatchObject({ state: 'closed', title: 'Other', dueDate: '2026-05-01', assignees: [acme.nora] });
    expect([issue.labels[0]?.name, issue.milestone?.title]).toEqual(['two words', 'R1']);
    expect(world.quickActions.executed.map(({ name, applied }) => [name, applied])).toEqual([
      ['label', true],
      ['assign', true],
      ['milestone', true],
      ['due', true],
      ['title', true],
      ['close', true],
    ]);
  });

  it('a note of nothing but commands is answered with 202, or 400 where none applied', async () => {
    const closed = await send('POST', `${base}/1/notes`, { body: '/close' });
    expect([closed.status, closed.object()]).toEqual([
      202,
      { commands_changes: { state: true }, summary: ['Closed this issue.'] },
    ]);
    expect(issue.notes.filter(({ system }) => !system)).toEqual([]);
    const again = await send('POST', `${base}/1/notes`, { body: '/close' });
    expect([again.status, again.json()]).toEqual([400, { message: '400 Bad request - Failed to apply commands.' }]);
    const merge = await send('POST', `${base}/1/notes`, { body: 'text\n/merge' });
    expect([merge.status, merge.object()['body']]).toEqual([201, 'text']);
    expect(acme.gitlab.world.quickActions.executed.at(-1)).toMatchObject({ name: 'merge', applied: false });
  });

  it('commands in a description act on creation and on update, with the rights of the writer', async () => {
    acme.gitlab.world.labels.create(acme.project, { name: 'bug' });
    const made = await send('POST', base, { title: 'New', description: 'a\n/label bug\n/confidential\n/close\nb' });
    expect(made.object()).toMatchObject({ description: 'a\nb', labels: ['bug'], confidential: true, state: 'opened' });
    const edited = await send('PUT', `${base}/1`, { description: '/close' });
    expect(edited.object()).toMatchObject({ description: '', state: 'closed' });
    const { user } = acme.member('guest');
    if (user === undefined) throw new Error('a member has a user');
    const guest = acme.gitlab.world.tokens.create({ user, scopes: ['api'] });
    const theirs = await send('POST', base, { title: 'x', description: 'y\n/label bug' }, guest);
    expect(theirs.object()).toMatchObject({ description: 'y', labels: [] });
  });

  it('commands about time, copies and moves act', async () => {
    const { world } = acme.gitlab;
    const target = world.projects.create({ path: 'api', owner: acme.group });
    world.projects.setMember(target, acme.nora, 'reporter');
    const original = world.issues.create(acme.project, { title: 'Original' });
    await send('POST', `${base}/1/notes`, { body: '/estimate 1d 2h\n/spend 30m' });
    const stats = (await ask(acme.gitlab, acme.token, `${base}/1/time_stats`)).object();
    expect(stats).toMatchObject({ time_estimate: 36_000, total_time_spent: 1800, human_time_estimate: '1d 2h' });
    await send('POST', `${base}/1/notes`, { body: `/duplicate #${original.iid}` });
    expect([issue.state, issue.duplicatedTo]).toEqual(['closed', original]);
    await send('POST', `${base}/2/notes`, { body: '/move acme/api' });
    expect(original).toMatchObject({ state: 'closed', movedTo: { project: target } });
    await send('POST', `${base}/1/reset_spent_time`, {});
    await send('POST', `${base}/1/add_spent_time`, { duration: '2h' });
    expect(issue.totalTimeSpent).toBe(7200);
  });

  it('the parser of older versions can be chosen, and the harshest of both', async () => {
    const { trackerSettings } = acme.gitlab.world;
    for (const parser of ['paragraphs', 'pattern', 'either'] as const) {
      trackerSettings.quickActions = parser;
      await send('POST', `${base}/1/notes`, { body: '> quoted\n/close' });
      expect([parser, issue.state]).toEqual([parser, parser === 'paragraphs' ? 'opened' : 'closed']);
      acme.gitlab.world.issues.reopen(issue);
    }
  });

  it('people who are named, given work or taking part are told', async () => {
    const { world } = acme.gitlab;
    const [sam, ada, kim] = ['sam', 'ada', 'kim'].map((username) => world.users.create({ username }));
    if (sam === undefined || ada === undefined || kim === undefined) throw new Error('three people');
    world.projects.setMember(acme.project, sam, 'reporter');
    world.groups.setMember(acme.group, ada, 'guest');
    await send('PUT', `${base}/1`, { description: 'ask @sam, not \\@ada, `@ada` or @kim' });
    expect(told()).toEqual(['mentioned sam']);
    await send('PUT', `${base}/1`, { description: 'ask @sam again and @acme' });
    expect(told()).toEqual(['mentioned sam', 'group_mentioned ada']);
    world.notifications.all.length = 0;
    await send('PUT', `${base}/1`, { assignee_ids: [sam.id] });
    await send('POST', `${base}/1/notes`, { body: 'hello @ada' });
    await send('PUT', `${base}/1`, { state_event: 'close' });
    expect(told()).toEqual(['assigned sam', 'mentioned ada', 'commented sam', 'closed sam']);
    world.notifications.all.length = 0;
    await send('POST', `${base}/1/notes`, { body: 'between us, @ada and @sam', internal: true });
    expect(told()).toEqual(['mentioned sam', 'commented sam']);
  });

  it('titles name people and issues too, and neither a backslash nor code hides them there', async () => {
    const { world } = acme.gitlab;
    for (const username of ['sam', 'ada', 'kim'])
      world.projects.setMember(acme.project, world.users.create({ username }), 'guest');
    await send('POST', base, { title: 'For @sam, \\@ada and `@kim`: #1' });
    expect(told()).toEqual(['mentioned sam', 'mentioned ada', 'mentioned kim']);
    expect(issue.notes.map(({ body }) => body)).toEqual(['mentioned in issue #2']);
    await send('PUT', `${base}/2`, { title: 'Once more @sam' });
    expect(told()).toHaveLength(3);
  });

  it('issues that are referred to say so, once, wherever they are', async () => {
    const { gitlab } = acme;
    const other = gitlab.world.projects.create({ path: 'api', owner: acme.group });
    gitlab.world.projects.setMember(other, acme.nora, 'developer');
    const there = gitlab.world.issues.create(other, { title: 'There' });
    const text = `see api#1, acme/api#1, ${gitlab.url}/acme/api/-/issues/1 and \\#1`;
    await send('POST', base, { title: 'From here', description: text });
    await send('POST', `${base}/2/notes`, { body: 'again api#1, and #1' });
    expect(there.notes.map(({ body }) => body)).toEqual(['mentioned in issue web#2']);
    expect(issue.notes.map(({ body }) => body)).toEqual(['mentioned in issue #2']);
    const seen = await ask(gitlab, acme.token, `/projects/${other.id}/issues/1/notes`);
    expect(pluck(seen.rows(), 'system')).toEqual([true]);
  });
});
