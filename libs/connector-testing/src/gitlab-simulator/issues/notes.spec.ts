import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { AccessToken, Role, User } from '../model/people.js';
import { startAcme, type Acme } from '../testing/acme.js';
import { ask, asObject, pluck, type Answer } from '../testing/ask.js';

const base = '/projects/1/issues/1/notes';
const threads = '/projects/1/issues/1/discussions';

describe('notes', () => {
  let acme: Acme;
  beforeEach(async () => {
    acme = await startAcme();
    acme.gitlab.world.issues.create(acme.project, { title: 'Talk' });
  });
  afterEach(async () => {
    expect(acme.gitlab.requests.unexpected).toEqual([]);
    await acme.gitlab.stop();
  });
  const send = (method: string, path: string, body?: unknown, token = acme.token): Promise<Answer> =>
    ask(acme.gitlab, token, path, { method, ...(body === undefined ? {} : { body }) });
  const person = (role: Role): { user: User; token: AccessToken } => {
    const { user } = acme.member(role);
    if (user === undefined) throw new Error('a member has a user');
    return { user, token: acme.gitlab.world.tokens.create({ user, scopes: ['api'] }) };
  };

  it('are written, edited by their authors and maintainers, and vanish', async () => {
    const { pass } = acme;
    const reporter = person('reporter');
    const made = await send('POST', base, { body: 'one \r\ntwo\n' }, reporter.token);
    expect(made.status).toBe(201);
    expect(made.object()).toMatchObject({
      body: 'one \ntwo',
      system: false,
      internal: false,
      noteable_iid: 1,
      type: null,
    });
    const id = String(made.object()['id']);
    pass(5000);
    expect((await send('PUT', `${base}/${id}`, { body: 'edited' })).object()).toMatchObject({
      body: 'edited',
      updated_at: '2026-03-04T05:06:12.000Z',
      author: { username: reporter.user.username },
    });
    expect((await send('GET', '/projects/1/issues/1')).object()).toMatchObject({
      updated_at: '2026-03-04T05:06:12.000Z',
      user_notes_count: 1,
    });
    const other = person('developer');
    expect((await send('PUT', `${base}/${id}`, { body: 'no' }, other.token)).status).toBe(403);
    expect((await send('DELETE', `${base}/${id}`, undefined, other.token)).status).toBe(403);
    expect((await send('DELETE', `${base}/${id}`)).status).toBe(204);
    expect((await send('GET', `${base}/${id}`)).json()).toEqual({ message: '404 Not found' });
    expect((await send('GET', base)).rows()).toEqual([]);
  });

  it('are listed newest first, with short pages where some are hidden', async () => {
    const { gitlab, project, group } = acme;
    const { world } = gitlab;
    const hidden = world.projects.create({ path: 'hidden', owner: group });
    const issue = project.issues.byIid.get(1);
    if (issue === undefined) throw new Error('the issue exists');
    world.notes.create(issue, { body: 'a' });
    world.issues.create(hidden, { title: 'From there', description: 'see acme/web#1' });
    world.notes.create(issue, { body: 'b', internal: true });
    world.notes.create(issue, { body: 'c' });
    const guest = acme.member('guest');
    const page = await send('GET', `${base}?per_page=2&page=1`, undefined, guest);
    expect(pluck(page.rows(), 'body')).toEqual(['c']);
    expect([page.headers.get('x-total'), page.headers.get('x-next-page')]).toEqual(['4', '2']);
    expect(pluck((await send('GET', `${base}?sort=asc`)).rows(), 'body')).toEqual(['a', 'b', 'c']);
    world.projects.setMember(hidden, acme.nora, 'guest');
    const all = (await send('GET', `${base}?sort=asc`)).rows();
    expect(pluck(all, 'body')).toEqual(['a', 'mentioned in issue hidden#1', 'b', 'c']);
    expect(pluck((await send('GET', `${base}?activity_filter=only_comments`)).rows(), 'body')).toEqual(['c', 'b', 'a']);
  });

  it('take times from owners only, and become public where the writer may not write internal ones', async () => {
    const owner = person('owner');
    const guest = person('guest');
    const body = { body: 'dated', created_at: '2020-01-01T00:00:00Z', internal: true };
    expect((await send('POST', base, body, owner.token)).object()).toMatchObject({
      created_at: '2020-01-01T00:00:00.000Z',
      updated_at: '2020-01-01T00:00:00.000Z',
      internal: true,
    });
    expect((await send('POST', base, body, guest.token)).object()).toMatchObject({
      created_at: '2026-03-04T05:06:07.000Z',
      internal: false,
    });
  });

  it("are refused in GitLab's words", async () => {
    const answer = async (body: unknown, token = acme.token) => {
      const { status, text } = await send('POST', base, body, token);
      return [status, JSON.parse(text)];
    };
    expect(await answer({})).toEqual([400, { error: 'body is missing' }]);
    expect(await answer({ body: ' ' })).toEqual([
      400,
      { message: '400 Bad request - Note {:note=>["can\'t be blank"]}' },
    ]);
    expect((await send('POST', base, { body: 'x'.repeat(1_000_001) })).status).toBe(400);
    acme.gitlab.world.projects.setVisibility(acme.project, 'public');
    const stranger = acme.gitlab.world.tokens.create({
      user: acme.gitlab.world.users.create({ username: 'passer-by' }),
      scopes: ['api'],
    });
    expect((await answer({ body: 'hello' }, stranger))[0]).toBe(201);
    await send('PUT', '/projects/1/issues/1', { discussion_locked: true });
    expect(await answer({ body: 'hello' }, stranger)).toEqual([403, { message: '403 Forbidden' }]);
    expect((await answer({ body: 'members still may' }))[0]).toBe(201);
  });

  it('form threads that can be answered and resolved', async () => {
    const single = (await send('POST', base, { body: 'alone' })).object();
    const begun = asObject((await send('POST', threads, { body: 'first' })).json());
    expect(begun).toMatchObject({ individual_note: false, notes: [{ body: 'first', type: 'DiscussionNote' }] });
    const id = String(begun['id']);
    const reply = await send('POST', `${threads}/${id}/notes`, { body: 'answer' });
    expect([reply.status, reply.object()['type']]).toEqual([201, 'DiscussionNote']);
    const listed = (await send('GET', threads)).rows();
    expect(pluck(listed, 'individual_note')).toEqual([true, false]);
    expect(pluck((await send('GET', `${base}?sort=asc`)).rows(), 'body')).toEqual(['alone', 'first', 'answer']);
    const first = String(listed[0]?.['id']);
    await send('POST', `${threads}/${first}/notes`, { body: 'no longer alone' });
    const thread = asObject((await send('GET', `${threads}/${first}`)).json());
    expect(thread).toMatchObject({ individual_note: false, notes: [{ id: single['id'], type: 'DiscussionNote' }, {}] });
    expect((await send('PUT', `${threads}/${id}?resolved=true`)).json()).toMatchObject({
      notes: [{ resolved: true, resolved_by: { username: 'nora' } }, { resolved: true }],
    });
    expect((await send('GET', `${threads}/none`)).json()).toEqual({ message: '404 Discussion Not Found' });
  });
});
