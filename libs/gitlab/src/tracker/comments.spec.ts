import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { Tracker } from '@syncline/connector-sdk';
import type { Issue as SimulatedIssue } from '../../../connector-testing/src/gitlab-simulator/issues/model/issue.js';
import { endpoints, TrackerWorld } from '../../test/tracker-world.js';

let acme: TrackerWorld;
let tracker: Tracker;
let issue: SimulatedIssue;
beforeEach(async () => {
  acme = await TrackerWorld.start();
  tracker = acme.tracker();
  issue = acme.world.issues.create(acme.project, { title: 'One', by: acme.nora });
});
afterEach(() => acme.gitLab.stop());

describe('comments', () => {
  it('are what people wrote, oldest first, answers by their time, internal ones marked', async () => {
    const { notes, issues } = acme.world;
    const first = notes.create(issue, { body: 'First', by: acme.nora, thread: true });
    acme.pass();
    notes.create(issue, { body: 'Second', by: acme.bot, internal: true });
    acme.pass();
    issues.update(issue, { title: 'Renamed', assignees: [acme.nora] }, { by: acme.nora });
    notes.create(issue, { body: 'An answer', by: acme.bot, inReplyTo: first });
    const { result, asked } = await acme.requestsOf(() => tracker.comments('1'));
    expect(result.map(({ body, internal, author }) => [body, internal, author.username])).toEqual([
      ['First', false, 'nora'],
      ['Second', true, 'sync-bot'],
      ['An answer', false, 'sync-bot'],
    ]);
    expect(result[0]?.url).toBe(`${acme.gitLab.url}/acme/web/-/issues/1#note_${first.id}`);
    expect(endpoints(asked)).toEqual(['GET /projects/:id/issues/:iid/notes']);
  });

  it('are all found when one is deleted while the pages are read', async () => {
    for (let number = 1; number <= 250; number += 1) {
      acme.pass();
      acme.world.notes.create(issue, { body: `Comment ${number}`, by: acme.nora });
    }
    let pages = 0;
    const remove = (): void => {
      pages += 1;
      const [oldest] = issue.notes;
      if (pages === 2 && oldest !== undefined) acme.world.notes.delete(oldest);
    };
    const { gitLab } = acme;
    const add = gitLab.requests.add.bind(gitLab.requests);
    gitLab.requests.add = (request) => {
      add(request);
      remove();
    };
    const bodies = (await tracker.comments('1')).map(({ body }) => body);
    expect(bodies).toHaveLength(249);
    expect(bodies).toContain('Comment 201');
    expect(pages).toBeGreaterThan(4);
  });

  it('are written, edited and deleted; deleting twice is no error', async () => {
    const written = await tracker.createComment('1', { body: 'Hello', internal: false });
    expect(written).toMatchObject({ body: 'Hello', internal: false, author: { username: 'sync-bot' } });
    const edited = await tracker.updateComment('1', written.id, 'Hello again');
    expect(edited).toMatchObject({ id: written.id, body: 'Hello again' });
    await tracker.deleteComment('1', written.id);
    await tracker.deleteComment('1', written.id);
    expect(await tracker.comments('1')).toEqual([]);
    await expect(tracker.updateComment('1', written.id, 'x')).rejects.toMatchObject({ kind: 'permanent', status: 404 });
  });

  it('of others are not ours to edit', async () => {
    const note = acme.world.notes.create(issue, { body: 'Mine', by: acme.nora });
    await expect(tracker.updateComment('1', String(note.id), 'Ours')).rejects.toMatchObject({
      kind: 'permanent',
      status: 403,
    });
  });

  it('stay internal, or do not stay at all', async () => {
    const kept = await tracker.createComment('1', { body: 'Secret', internal: true });
    expect(kept.internal).toBe(true);
    const guest = acme.tracker(acme.member('guest', 'guest'));
    expect((await guest.capabilities()).internalComments).toBe(false);
    await expect(guest.createComment('1', { body: 'Secret too', internal: true })).rejects.toMatchObject({
      kind: 'permanent',
    });
    expect((await tracker.comments('1')).map(({ body }) => body)).toEqual(['Secret']);
  });

  it('of nothing but quick actions are reported as not kept', async () => {
    await expect(tracker.createComment('1', { body: '/close', internal: false })).rejects.toMatchObject({
      kind: 'permanent',
      status: 202,
    });
  });

  it('whose answers were lost may have been written', async () => {
    acme.gitLab.faults.add({ kind: 'bad_gateway_after', match: { method: 'POST', path: /notes$/ }, times: 1 });
    await expect(tracker.createComment('1', { body: 'Once', internal: false })).rejects.toMatchObject({
      kind: 'transient',
    });
    expect((await tracker.comments('1')).map(({ body }) => body)).toEqual(['Once']);
  });

  it('move the time of their issue by no more than is promised', async () => {
    const comment = await tracker.createComment('1', { body: 'Hello', internal: false });
    const { commentTouchSlackMs } = await tracker.capabilities();
    const updatedAt = (await tracker.find(['1'])).get('1')?.updatedAt ?? '';
    const later = Date.parse(updatedAt) - Date.parse(comment.updatedAt);
    expect(later).toBeGreaterThanOrEqual(0);
    expect(later).toBeLessThanOrEqual(commentTouchSlackMs);
  });
});
