import assert from 'node:assert/strict';
import type { Cursor, Issue, Tracker } from '@syncline/connector-sdk';
import type { TrackerWorld } from './tracker-world.js';

type Case = (world: TrackerWorld) => Promise<void>;

async function read(tracker: Tracker, after?: Cursor): Promise<{ issues: Issue[]; cursor: Cursor | undefined }> {
  const issues: Issue[] = [];
  let cursor = after;
  for await (const page of tracker.changes(after === undefined ? {} : { after })) {
    issues.push(...page.issues);
    cursor = page.cursor ?? cursor;
  }
  return { issues, cursor };
}

const titles = (issues: readonly Issue[]): string[] => [...new Set(issues.map(({ title }) => title))].sort();

/** What is read, and when. */
export const readingCases: Readonly<Record<string, Case>> = {
  'shows every issue first, and from a cursor on what changed since': async ({ tracker, people }) => {
    for (const title of ['One', 'Two', 'Three']) await people.createIssue({ title });
    const first = await read(tracker());
    assert.deepEqual(titles(first.issues), ['One', 'Three', 'Two']);
    assert.ok(first.cursor, 'the last page is a place to resume from');
    const key = first.issues.find(({ title }) => title === 'Two')?.key ?? '';
    await people.editIssue(key, { title: 'Two, edited' });
    const second = await read(tracker(), first.cursor);
    assert.ok(titles(second.issues).includes('Two, edited'), 'a change is shown');
  },

  'shows an issue again when somebody comments on it, with another version': async ({ tracker, people }) => {
    const key = await people.createIssue({ title: 'One' });
    const before = await read(tracker());
    await people.comment(key, 'hello');
    const after = await read(tracker(), before.cursor);
    const [was, is] = [before, after].map(({ issues }) => issues.findLast((issue) => issue.key === key));
    assert.ok(is !== undefined && was !== undefined);
    assert.notEqual(is.version, was.version);
    if (is.commentCount !== undefined) assert.equal(is.commentCount, 1);
  },

  'keeps the version of an issue nobody touches': async ({ tracker, people }) => {
    const key = await people.createIssue({ title: 'One' });
    const [one, two] = [await tracker().find([key]), await tracker().find([key])];
    assert.equal(one.get(key)?.version, two.get(key)?.version);
  },

  'misses nothing that changes while pages are read': async ({ tracker, people }) => {
    const keys: string[] = [];
    for (let made = 0; made < 7; made += 1) keys.push(await people.createIssue({ title: `Issue ${made}` }));
    const seen = new Map<string, string>();
    let edits = 0;
    let cursor: Cursor | undefined;
    for await (const page of tracker().changes({})) {
      for (const issue of page.issues) seen.set(issue.key, issue.title);
      cursor = page.cursor ?? cursor;
      if (edits < 2) await people.editIssue(keys[edits] ?? '', { title: `Edited ${edits}` });
      edits += 1;
    }
    for (const issue of (await read(tracker(), cursor)).issues) seen.set(issue.key, issue.title);
    assert.equal(seen.size, 7);
    assert.equal(seen.get(keys[0] ?? ''), 'Edited 0');
  },

  'finds many by key, and leaves out what is not there': async ({ tracker, people }) => {
    const keys = [await people.createIssue({ title: 'One' }), await people.createIssue({ title: 'Two' })];
    const found = await tracker().find([...keys, '987654']);
    assert.deepEqual([...found.keys()].sort(), [...keys].sort());
    assert.equal((await tracker().find([])).size, 0);
    assert.equal(found.get(keys[0] ?? '')?.url, tracker().issueUrl(keys[0] ?? ''));
  },

  'tells deleted from present': async ({ tracker, people }) => {
    const [kept, lost] = [await people.createIssue({ title: 'One' }), await people.createIssue({ title: 'Two' })];
    await people.deleteIssue(lost);
    assert.equal((await tracker().locate(kept)).kind, 'here');
    assert.equal((await tracker().locate(lost)).kind, 'gone');
  },

  'finds users by exactly their username, and knows itself': async ({ tracker, people }) => {
    const port = tracker();
    assert.equal((await port.findUser(people.username))?.username, people.username);
    assert.equal(await port.findUser(`${people.username}-who-is-nobody`), undefined);
    const me = await port.me();
    assert.equal((await port.findUser(me.username))?.id, me.id);
  },

  'shows comments oldest first, with their authors': async ({ tracker, people }) => {
    const key = await people.createIssue({ title: 'One' });
    for (const body of ['first', 'second', 'third']) await people.comment(key, body);
    await people.editIssue(key, { state: 'closed' });
    const comments = await tracker().comments(key);
    assert.deepEqual(
      comments.map(({ body }) => body),
      ['first', 'second', 'third'],
    );
    const me = await tracker().me();
    assert.ok(comments.every(({ author, createdAt }) => author.id !== me.id && createdAt.endsWith('Z')));
  },

  'says what it can do, the same for the whole run': async ({ tracker }) => {
    const port = tracker();
    const can = await port.capabilities();
    assert.ok(can.fields.includes('title') && can.fields.includes('description'));
    assert.deepEqual(await port.capabilities(), can);
  },
};
