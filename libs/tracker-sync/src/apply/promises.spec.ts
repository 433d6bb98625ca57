import { describe, expect, it } from '@jest/globals';
import { ConnectorError } from '@syncline/connector-sdk';
import { MemoryHub, type MemoryProject, type TrackerCall } from '@syncline/connector-testing';
import { bothWays } from '../../test/pair-world.js';
import { only, place, type Place } from '../../test/place.js';
import { expectIdle, settle } from '../../test/settle.js';
import type { SyncPolicy } from '../index.js';

const oneWay: Partial<SyncPolicy> = {
  fields: Object.fromEntries(Object.keys(bothWays.fields).map((field) => [field, 'toRight'])),
  creates: 'toRight',
  comments: 'toRight',
};

const titles = (project: MemoryProject): string[] => [...project.issues.values()].map(({ title }) => title).sort();
const reasons = ({ pair }: Place): string[] => pair.store.pair.history.map(({ reason }) => reason);

describe('what a sync promises', () => {
  it('finds its copies again after the database was lost, and makes no second one', async () => {
    const at = place();
    at.a.addIssue('nora', { title: 'One', description: 'text #2\n/close' });
    at.a.addIssue('nora', { title: 'Two' });
    at.a.addComment('nora', '1', 'hello');
    at.b.addIssue('norah', { title: 'Three' });
    await settle(at.world, [at.pair]);
    const fresh = at.world.pair('a', 'b', { hub: new MemoryHub('hub-1') });
    await settle(at.world, [fresh]);
    expect([titles(at.a), titles(at.b)]).toEqual([
      ['One', 'Three', 'Two'],
      ['One', 'Three', 'Two'],
    ]);
    expect(at.b.comments.size).toBe(1);
    expect(fresh.store.pair.conflicts).toEqual([]);
    at.a.editIssue('1', { title: 'One more' });
    await fresh.sync();
    expect(titles(at.b)).toContain('One more');
  });

  it('refuses a pair another hub keeps, and takes it over when told to', async () => {
    const at = place();
    at.a.addIssue('nora', { title: 'One' });
    at.a.addComment('nora', '1', 'hello');
    await at.pair.sync();
    const other = at.world.pair('a', 'b', { hub: new MemoryHub('hub-2') });
    const { error } = await other.run();
    expect(error).toMatchObject({ kind: 'config', message: expect.stringContaining('Another hub keeps') });
    await other.sync({ repair: true } as object);
    await settle(at.world, [other]);
    expect([titles(at.b), at.b.comments.size]).toEqual([['One'], 1]);
  });

  it('adopts issues of one title, and lets what differs agree', async () => {
    const at = place({ policy: { match: 'title' } });
    at.a.addIssue('nora', { title: 'Same', labels: ['x'], description: 'text' });
    at.a.addIssue('nora', { title: 'Twice' });
    at.b.addIssue('norah', { title: 'Same', dueDate: '2026-05-01' });
    at.b.addIssue('norah', { title: 'Twice' });
    at.b.addIssue('norah', { title: 'Twice' });
    expect((await at.pair.plan()).map(({ op }) => op)).toContain('link');
    await settle(at.world, [at.pair]);
    const same = [at.a, at.b].map((project) => [...project.issues.values()].filter(({ title }) => title === 'Same'));
    expect(same.map((issues) => issues.length)).toEqual([1, 1]);
    expect(same[1]![0]).toMatchObject({ labels: ['x'], dueDate: '2026-05-01' });
    expect(titles(at.b).filter((title) => title === 'Twice')).toHaveLength(3);
  });

  it.each(['sever', 'close', 'recreate'] as const)('deals with a deleted issue as told: %s', async (onDelete) => {
    const at = place({ policy: { onDelete } });
    at.a.addIssue('nora', { title: 'One' });
    await at.pair.sync();
    at.a.deleteIssue('1');
    await at.pair.sync();
    expect(at.b.issues.get('1')).toMatchObject({ state: 'opened' });
    await at.pair.sync({ mode: 'full' });
    expect([...at.a.issues.values()].map(({ title }) => title)).toEqual(onDelete === 'recreate' ? ['One'] : []);
    expect(at.b.issues.get('1')).toMatchObject({ state: onDelete === 'close' ? 'closed' : 'opened' });
    await settle(at.world, [at.pair]);
    expect([at.a.issues.size, at.b.issues.size]).toEqual([onDelete === 'recreate' ? 1 : 0, 1]);
    expect(reasons(at).some((reason) => reason.startsWith('It was deleted in the source.'))).toBe(true);
  });

  it('lets go of an issue that was moved, and does not take it for closed', async () => {
    const at = place();
    at.a.addIssue('nora', { title: 'One' });
    await at.pair.sync();
    at.a.editIssue('1', { state: 'closed', movedTo: { url: 'https://a.example/x/-/issues/4' } });
    await settle(at.world, [at.pair]);
    expect(only(at.b).state).toBe('opened');
    expect(reasons(at).some((reason) => reason.includes('https://a.example/x/-/issues/4'))).toBe(true);
  });

  it('sets one bad issue aside, brings the others over, and tries it again', async () => {
    let isRefused = true;
    const seam = ({ name, phase, subject }: TrackerCall): void => {
      if (isRefused && name === 'create' && phase === 'before' && subject === 'Bad')
        throw new ConnectorError('permanent', 'Spam detected', { status: 422 });
    };
    const at = place({ right: { seam } });
    for (const title of ['Good', 'Bad', 'Better']) at.a.addIssue('nora', { title });
    const { status } = await at.pair.run();
    expect([status, titles(at.b)]).toEqual(['partial', ['Better', 'Good']]);
    expect(at.pair.store.setAsides).toMatchObject([{ stream: 'left', item: '2', attempts: 1 }]);
    isRefused = false;
    await at.pair.sync({ items: [{ side: 'left', key: '2' }] });
    expect([titles(at.b), at.pair.store.setAsides]).toEqual([['Bad', 'Better', 'Good'], []]);
  });

  it('ends the run when the remote as a whole is down', async () => {
    const seam = ({ name }: TrackerCall): void => {
      if (name === 'create') throw new ConnectorError('transient', 'no connection');
    };
    const at = place({ right: { seam } });
    for (let made = 0; made < 30; made += 1) at.a.addIssue('nora', { title: `Issue ${made}` });
    expect((await at.pair.run()).error).toMatchObject({ kind: 'transient' });
    expect(at.pair.store.checkpoint('left')).toBeUndefined();
  });

  it('takes the copy along when an issue turns confidential, and never copies a secret into the open', async () => {
    const at = place({ policy: { fields: { title: 'both', description: 'both' } } });
    at.a.addIssue('nora', { title: 'One' });
    at.a.addIssue('nora', { title: 'Secret', confidential: true });
    await at.pair.sync();
    at.a.editIssue('1', { confidential: true });
    await at.pair.sync();
    expect([...at.b.issues.values()].map(({ confidential }) => confidential)).toEqual([true, true]);

    const open = place({ right: { keep: (fields) => ({ ...fields, confidential: false }) } });
    open.a.addIssue('nora', { title: 'Secret', description: 'hidden', confidential: true });
    open.a.addComment('nora', '1', 'hidden');
    await settle(open.world, [open.pair]);
    expect(JSON.stringify([...open.b.issues.values(), ...open.b.comments.values()])).not.toMatch(/hidden|Secret/);
  });

  it('skips confidential issues and internal comments where it is told to', async () => {
    const at = place({ policy: { confidential: 'skip' } });
    at.a.addIssue('nora', { title: 'Secret', confidential: true });
    at.a.addIssue('nora', { title: 'Open' });
    at.a.addComment('nora', '2', 'internal', true);
    await settle(at.world, [at.pair]);
    expect([titles(at.b), at.b.comments.size]).toEqual([['Open'], 0]);
  });

  it('edits and deletes copies of comments, and leaves a copy somebody edited alone', async () => {
    const at = place();
    at.a.addIssue('nora', { title: 'One' });
    const [first, second] = ['first', 'second'].map((body) => at.a.addComment('nora', '1', body));
    await at.pair.sync();
    at.a.editComment(first!.id, 'first, edited');
    await at.pair.sync();
    expect(at.b.commentsOf('1').map(({ body }) => /(first.*|second)/.exec(body)?.[0])).toEqual([
      'first, edited',
      'second',
    ]);
    at.a.deleteComment(second!.id);
    await at.pair.sync({ mode: 'full' });
    expect(at.b.commentsOf('1')).toHaveLength(1);
    at.b.editComment(at.b.commentsOf('1')[0]!.id, 'hijacked');
    await settle(at.world, [at.pair]);
    expect(at.a.commentsOf('1').map(({ body }) => body)).toEqual(['first, edited']);
    expect(at.b.commentsOf('1')[0]!.body).toBe('hijacked');
  });

  it('writes one way only where one way is wanted', async () => {
    const at = place({ policy: oneWay });
    at.a.addIssue('nora', { title: 'One', description: 'One\n\nTwo' });
    at.b.addIssue('norah', { title: 'Own' });
    await at.pair.sync();
    at.b.editIssue('2', {
      title: 'Renamed there',
      labels: ['own'],
      description: at.b.issues.get('2')!.description.replace('Two', 'Two, theirs'),
    });
    at.b.addComment('norah', '2', 'theirs');
    await settle(at.world, [at.pair]);
    expect([titles(at.a), at.pair.left.writes]).toEqual([['One'], 0]);
    at.a.editIssue('1', { title: 'Renamed here', labels: ['x'], description: 'One!\n\nTwo' });
    await settle(at.world, [at.pair]);
    expect(at.b.issues.get('2')).toMatchObject({ title: 'Renamed there', labels: ['own', 'x'] });
    expect(at.b.issues.get('2')!.description).toMatch(/^One!\n\nTwo, theirs\n/);
    expect(at.pair.store.pair.conflicts).toMatchObject([{ field: 'title', settled: false }]);
    at.a.editIssue('1', { description: 'One!!\n\nTwo' });
    await settle(at.world, [at.pair]);
    expect(at.b.issues.get('2')!.description).toMatch(/^One!!\n\nTwo, theirs\n/);
    expect(await expectIdle([at.pair])).toBe(0);
  });

  it('copies what the filter lets through, and keeps linked issues in step whatever they become', async () => {
    const at = place({ policy: { filter: { labels: ['sync'], state: 'opened' } } });
    at.a.addIssue('nora', { title: 'In', labels: ['sync'] });
    at.a.addIssue('nora', { title: 'Out' });
    await at.pair.sync();
    at.a.editIssue('1', { state: 'closed', labels: [] });
    await at.pair.sync();
    expect([...at.b.issues.values()]).toMatchObject([{ title: 'In', state: 'closed', labels: [] }]);
    await at.pair.sync({ items: [{ side: 'left', key: '2' }] });
    expect(titles(at.b)).toEqual(['In', 'Out']);
  });

  it('warns once of a user nobody mapped, and assigns the copy once somebody did', async () => {
    const at = place({ users: [] });
    for (const title of ['One', 'Two']) at.a.addIssue('nora', { title, assignees: ['nora'], description: '@nora' });
    const { logs } = await at.pair.sync();
    expect(
      logs.filter(({ level, message }) => level === 'warn' && message.includes('nora of https://a.example')),
    ).toHaveLength(1);
    at.pair.users = [{ left: 'nora', right: 'norah' }];
    at.pair.forgetCalls();
    await at.pair.sync({ mode: 'full' });
    expect(at.pair.right.writes).toBe(2);
    expect(at.pair.left.writes).toBe(0);
    expect([...at.b.issues.values()]).toMatchObject([{ assignees: ['norah'] }, { assignees: ['norah'] }]);
    expect(only(at.b).description).toMatch(/^@norah\n/);
    expect(await expectIdle([at.pair])).toBe(0);
  });

  it('holds a copy that lost its marker as doubtful instead of making another', async () => {
    let isLost = true;
    const seam = ({ name, phase }: TrackerCall): void => {
      if (isLost && name === 'create' && phase === 'after')
        throw new ConnectorError('transient', 'the answer was lost');
    };
    const at = place({ right: { seam } });
    at.a.addIssue('nora', { title: 'One' });
    await at.pair.run();
    isLost = false;
    at.b.editIssue('1', { description: 'marker gone' });
    await settle(at.world, [at.pair]);
    expect(at.b.issues.size).toBe(1);
    expect(at.pair.store.setAsides[0]?.error.message).toContain('has lost its marker');
  });

  it('renames a milestone with its counterpart in a full pass', async () => {
    const at = place();
    const milestone = at.a.addMilestone('R1', { dueDate: '2026-06-01' });
    at.a.addIssue('nora', { title: 'One', milestone });
    await at.pair.sync();
    at.a.milestones.set(milestone.key, { ...milestone, title: 'R1 final', state: 'closed' });
    await at.pair.sync({ mode: 'full' });
    expect([...at.b.milestones.values()]).toMatchObject([
      { title: 'R1 final', state: 'closed', dueDate: '2026-06-01' },
    ]);
    expect(await expectIdle([at.pair])).toBe(0);
  });

  it('deals with what a webhook named without reading anything else', async () => {
    const at = place();
    at.a.addIssue('nora', { title: 'One' });
    at.a.addIssue('nora', { title: 'Two' });
    await at.pair.sync();
    at.a.editIssue('1', { title: 'One, renamed' });
    at.pair.forgetCalls();
    await at.pair.run({ mode: 'wake', named: [{ side: 'left', key: '1' }] });
    expect(titles(at.b)).toEqual(['One, renamed', 'Two']);
    expect(at.pair.calls()).toEqual({ find: 1, update: 1 });
  });

  it('shortens a title that is too long for the other side, once', async () => {
    const at = place({
      right: {
        capabilities: { maxTitleLength: 20 },
        keep: (fields) => ({ ...fields, title: fields.title.slice(0, 20) }),
      },
    });
    at.a.addIssue('nora', { title: 'short' });
    await at.pair.sync();
    at.a.editIssue('1', { title: 'a title that is far too long' });
    at.a.addIssue('nora', { title: 'another title that is too long' });
    await settle(at.world, [at.pair]);
    expect(titles(at.b)).toEqual(['a title that is far…', 'another title that …']);
    expect(titles(at.a)).toEqual(['a title that is far too long', 'another title that is too long']);
    expect(await expectIdle([at.pair])).toBe(0);
  });

  it('stops between items when it is told to, and goes on later', async () => {
    const at = place({ concurrency: 1 });
    for (let made = 0; made < 5; made += 1) at.a.addIssue('nora', { title: `Issue ${made}` });
    const stop = new AbortController();
    stop.abort();
    expect((await at.pair.run({ signal: stop.signal })).error).toMatchObject({ kind: 'interrupted' });
    await at.pair.sync();
    expect(at.b.issues.size).toBe(5);
  });

  it('writes a text a second time only where it names an issue that was copied after it', async () => {
    const at = place({ concurrency: 1, left: { pageSize: 8 } });
    const name = (made: number): string => `Issue ${made}`;
    for (let made = 1; made <= 20; made += 1) {
      // Every fifth names the next one, too; all name the one before.
      const description = `After #${made - 1}, @sam.\n/close${made % 5 === 0 ? ` Before #${made + 1}.` : ''}`;
      at.a.addIssue('nora', { title: name(made), description });
    }
    await at.pair.sync();
    expect(at.pair.calls()).toMatchObject({ create: 20, update: 3 });
    const texts = [...at.b.issues.values()].map(({ description }) => description.split('\n\n')[0]);
    expect(texts[6]).toBe('After #6, @\u200Bsam.\n\\/close');
    expect(texts[9]).toBe('After #9, @\u200Bsam.\n\\/close Before #11.');
    expect(texts[0]).toContain('After https://a.example/acme/a/-/issues/0, ');
    expect(await expectIdle([at.pair])).toBe(0);
  });

  it('copies an issue that a text names ahead of its page, so that no text is written twice', async () => {
    const at = place({ left: { pageSize: 4 } });
    for (let made = 1; made <= 12; made += 1) {
      const description = made < 9 ? `Before #${made + 4}, and never #99.` : 'Last.';
      at.a.addIssue('nora', { title: `Issue ${made}`, description });
    }
    await at.pair.sync();
    expect(at.pair.calls()).toMatchObject({ create: 12 });
    expect(at.pair.calls()).not.toHaveProperty('update');
    const keys = new Map([...at.b.issues].map(([key, { title }]) => [title, key]));
    for (const { title, description } of at.b.issues.values()) {
      const number = Number(title.split(' ')[1]);
      const named = `Before #${keys.get(`Issue ${number + 4}`) ?? ''}, and never https://`;
      expect(description.startsWith(number < 9 ? named : 'Last.')).toBe(true);
    }
    expect(await expectIdle([at.pair])).toBe(0);
  });

  it('copies an issue that a text of its page names before that one', async () => {
    const at = place({ left: { pageSize: 6 }, concurrency: 3 });
    for (let made = 1; made <= 12; made += 1) {
      const description = made % 6 === 0 ? 'Last.' : `Before #${made + 1}.`;
      at.a.addIssue('nora', { title: `Issue ${made}`, description });
    }
    await at.pair.sync();
    expect(at.pair.calls()).toMatchObject({ create: 12 });
    expect(at.pair.calls()).not.toHaveProperty('update');
    expect(await expectIdle([at.pair])).toBe(0);
  });

  it('writes one of two issues that name each other a second time, however many are on their way', async () => {
    const at = place({ concurrency: 6 });
    for (let made = 1; made <= 20; made += 1) {
      at.a.addIssue('nora', { title: `Issue ${made}`, description: `See #${made % 2 === 0 ? made - 1 : made + 1}` });
    }
    await at.pair.sync();
    expect(at.pair.calls()).toMatchObject({ create: 20, update: 10 });
    for (const [key, { title, description }] of at.b.issues) {
      const number = Number(title.split(' ')[1]);
      const other = [...at.b.issues.values()].find(
        (issue) => issue.title === `Issue ${number % 2 === 0 ? number - 1 : number + 1}`,
      );
      expect([key, description.split('\n')[0]]).toEqual([key, `See #${other?.key ?? ''}`]);
    }
    expect(await expectIdle([at.pair])).toBe(0);
  });

  it('costs what changed', async () => {
    const at = place({ policy: oneWay, right: { pageSize: 100 }, left: { pageSize: 100 } });
    for (let made = 0; made < 90; made += 1) {
      at.a.addIssue('nora', { title: `Issue ${made}`, state: made % 3 === 0 ? 'closed' : 'opened' });
      at.a.addComment('nora', `${made + 1}`, 'hello');
    }
    await at.pair.sync();
    expect(at.pair.calls()).toEqual({ changes: 2, comments: 90, create: 90, update: 30, createComment: 90 });
    at.pair.forgetCalls();
    await at.pair.sync();
    expect(at.pair.calls()).toEqual({ changes: 1 });
    at.pair.forgetCalls();
    for (let edited = 1; edited <= 10; edited += 1) at.a.editIssue(`${edited}`, { dueDate: '2026-05-01' });
    await at.pair.sync();
    expect(at.pair.calls()).toEqual({ changes: 1, find: 1, comments: 10, update: 10 });
  });
});
