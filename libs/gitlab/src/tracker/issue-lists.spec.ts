import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { ConnectorError, Issue, IssuePage } from '@syncline/connector-sdk';
import {
  type Answer,
  clientFor,
  collect,
  pageOf,
  startScriptedGitLab,
  type ScriptedGitLab,
} from '../../test/scripted-gitlab.js';
import { endpoints, TrackerWorld } from '../../test/tracker-world.js';
import { createGitLabTracker } from './gitlab-tracker.js';

let acme: TrackerWorld;
beforeEach(async () => {
  acme = await TrackerWorld.start();
});
afterEach(() => acme.gitLab.stop());

function issuesOf(pages: readonly IssuePage[]): Issue[] {
  return pages.flatMap(({ issues }) => [...issues]);
}

function makeIssues(count: number): void {
  for (let number = 1; number <= count; number += 1) {
    acme.pass();
    acme.world.issues.create(acme.project, { title: `Issue ${number}`, by: acme.nora });
  }
}

describe('changes', () => {
  it('are every issue first, a hundred in a request, and one request when nothing changed', async () => {
    makeIssues(230);
    const tracker = acme.tracker();
    const first = await acme.requestsOf(() => collect(tracker.changes({})));
    expect(new Set(issuesOf(first.result).map(({ key }) => key)).size).toBe(230);
    expect(first.asked).toHaveLength(3);
    acme.pass(300_000);
    const cursor = first.result.at(-1)?.cursor;
    const settled = await collect(tracker.changes({ after: cursor }));
    acme.pass(300_000);
    const idle = await acme.requestsOf(() => collect(tracker.changes({ after: settled.at(-1)?.cursor })));
    expect(issuesOf(idle.result)).toEqual([]);
    expect(endpoints(idle.asked)).toEqual(['GET /projects/:id/issues']);
  });

  it('show an issue whose comment, label or state changed, and go on after any page', async () => {
    makeIssues(120);
    acme.pass(300_000);
    const tracker = acme.tracker();
    const pages = await collect(tracker.changes({}));
    const half = await collect(tracker.changes({ after: pages[0]?.cursor }));
    expect(issuesOf(half).map(({ key }) => key)).toContain('120');
    acme.pass(600_000);
    const [first, second, third] = acme.project.issues.byIid.values();
    if (first === undefined || second === undefined || third === undefined) throw new Error('no issues');
    acme.world.notes.create(first, { body: 'Me too', by: acme.nora });
    acme.world.issues.label(second, { add: ['urgent'] }, { by: acme.nora });
    acme.world.issues.close(third, { by: acme.nora });
    const news = issuesOf(await collect(tracker.changes({ after: pages.at(-1)?.cursor })));
    expect(news.map(({ key }) => key)).toEqual(['1', '2', '3']);
    expect(news.map(({ commentCount, labels, state }) => [commentCount, labels, state])).toEqual([
      [1, [], 'opened'],
      [0, ['urgent'], 'opened'],
      [0, [], 'closed'],
    ]);
  });

  it('begin at a given time whatever the cursor says', async () => {
    makeIssues(3);
    const tracker = acme.tracker();
    const pages = await collect(tracker.changes({}));
    const [, second] = acme.project.issues.byIid.values();
    const since = new Date(second?.updatedAt ?? 0);
    acme.pass(86_400_000);
    const again = issuesOf(await collect(tracker.changes({ after: pages.at(-1)?.cursor, since })));
    expect(again.map(({ key }) => key)).toEqual(['2', '3']);
  });

  it('carry every field in the words of GitLab', async () => {
    const milestone = acme.world.milestones.create(acme.group, { title: 'R1' });
    acme.world.issues.create(acme.project, {
      title: 'Login fails',
      description: 'Steps:\n1. open',
      labels: ['bug', 'prio::1'],
      assignees: [acme.nora],
      milestone,
      dueDate: '2026-04-01',
      confidential: true,
      by: acme.nora,
    });
    const [issue] = issuesOf(await collect(acme.tracker().changes({})));
    expect(issue).toMatchObject({
      key: '1',
      url: `${acme.gitLab.url}/acme/web/-/issues/1`,
      title: 'Login fails',
      description: 'Steps:\n1. open',
      state: 'opened',
      labels: ['bug', 'prio::1'],
      assignees: ['nora'],
      milestone: { key: String(milestone.id), title: 'R1' },
      dueDate: '2026-04-01',
      confidential: true,
      weight: null,
      commentCount: 0,
      author: { id: String(acme.nora.id), username: 'nora' },
    });
    expect(issue).not.toHaveProperty('movedTo');
  });

  it('have another version when a label was renamed or a comment deleted, which no time shows', async () => {
    const issue = acme.world.issues.create(acme.project, { title: 'One', labels: ['old'], by: acme.nora });
    const note = acme.world.notes.create(issue, { body: 'Hello', by: acme.nora });
    const tracker = acme.tracker();
    const read = async (): Promise<Issue | undefined> => (await tracker.find(['1'])).get('1');
    const before = await read();
    const label = acme.world.labels.find(acme.project, 'old');
    if (label === undefined) throw new Error('no label');
    acme.world.labels.update(label, { name: 'new' });
    const renamed = await read();
    acme.world.notes.delete(note);
    const shorter = await read();
    expect(new Set([before, renamed, shorter].map((one) => one?.updatedAt)).size).toBe(1);
    expect(new Set([before, renamed, shorter].map((one) => one?.version)).size).toBe(3);
    expect((await read())?.version).toBe(shorter?.version);
  });

  it('take a cursor that is none of theirs as no cursor', async () => {
    makeIssues(2);
    const pages = await collect(acme.tracker().changes({ after: { mark: 'yesterday' } }));
    expect(issuesOf(pages)).toHaveLength(2);
  });
});

describe('finding issues', () => {
  it('asks for a hundred at once, and leaves out what is not there', async () => {
    makeIssues(150);
    const [gone] = acme.project.issues.byIid.values();
    if (gone === undefined) throw new Error('no issue');
    acme.world.issues.delete(gone);
    const keys = Array.from({ length: 150 }, (_, index) => String(index + 1));
    const { result, asked } = await acme.requestsOf(() => acme.tracker().find([...keys, '999', 'x', '0']));
    expect(result.size).toBe(149);
    expect(result.get('150')?.title).toBe('Issue 150');
    expect(asked).toHaveLength(2);
  });
});

describe('issues of our own', () => {
  it('are found by account and time of creation, all of them', async () => {
    const bot = acme.bot;
    acme.world.issues.create(acme.project, { title: 'Before', by: bot });
    acme.pass(60_000);
    const since = new Date(Date.parse('2026-03-04T05:07:07.000Z'));
    for (let number = 1; number <= 210; number += 1) {
      acme.world.issues.create(acme.project, { title: `Copy ${number}`, by: bot, confidential: number % 2 === 0 });
      acme.world.issues.create(acme.project, { title: 'Somebody else', by: acme.nora });
      if (number % 7 === 0) acme.pass();
    }
    const found = (await collect(acme.tracker().createdByMe(since))).flat();
    expect(found.map(({ title }) => title)).toHaveLength(210);
    expect(new Set(found.map(({ title }) => title)).size).toBe(210);
    expect(found.every(({ author }) => author.username === 'sync-bot')).toBe(true);
  });
});

describe('an issue that cannot be read', () => {
  let server: ScriptedGitLab;
  const time = '2026-01-01T00:00:00.000Z';
  const rows = [
    { iid: 1, title: 'Good', state: 'opened', created_at: time, updated_at: time },
    { iid: 2, title: null, state: 'opened', created_at: time, updated_at: time },
  ];
  const place = { instanceId: 'i', baseUrl: 'https://gl.example', projectId: '7', path: 'acme/web' };

  beforeEach(async () => {
    server = await startScriptedGitLab((asked): Answer => pageOf(rows, asked));
  });
  afterEach(() => server.close());

  it('is named, and the others go on', async () => {
    const unreadable: [string, ConnectorError][] = [];
    const onUnreadable = (key: string, error: ConnectorError): void => {
      unreadable.push([key, error]);
    };
    const tracker = createGitLabTracker(clientFor(server.baseUrl), place, { onUnreadable });
    const pages = await collect(tracker.changes({}));
    expect(issuesOf(pages).map(({ key, url, labels, author }) => [key, url, labels, author.username])).toEqual([
      ['1', 'https://gl.example/acme/web/-/issues/1', [], 'ghost'],
    ]);
    expect(unreadable.map(([key, { kind }]) => [key, kind])).toEqual([['2', 'permanent']]);
  });

  it('ends the reading where nobody is told', async () => {
    const tracker = createGitLabTracker(clientFor(server.baseUrl), place);
    await expect(collect(tracker.changes({}))).rejects.toMatchObject({ kind: 'permanent' });
  });
});
