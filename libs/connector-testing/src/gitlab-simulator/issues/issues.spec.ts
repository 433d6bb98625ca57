import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { startAcme, type Acme } from '../testing/acme.js';
import { ask, asObject, pluck, type Answer } from '../testing/ask.js';

const base = '/projects/1/issues';

describe('issues', () => {
  let acme: Acme;
  beforeEach(async () => {
    acme = await startAcme();
  });
  afterEach(async () => {
    expect(acme.gitlab.requests.unexpected).toEqual([]);
    await acme.gitlab.stop();
  });
  const send = (method: string, path: string, body?: unknown, token = acme.token): Promise<Answer> =>
    ask(acme.gitlab, token, path, { method, ...(body === undefined ? {} : { body }) });
  const writer = (role: Parameters<Acme['member']>[0]) => {
    const user = acme.member(role).user;
    if (user === undefined) throw new Error('a member has a user');
    return { user, token: acme.gitlab.world.tokens.create({ user, scopes: ['api'] }) };
  };

  it('are created, shown, changed field by field, closed and reopened', async () => {
    const { gitlab, project, nora, pass } = acme;
    const milestone = gitlab.world.milestones.create(project, { title: 'R1', dueDate: '2026-02-01' });
    const created = await send('POST', base, {
      title: '  Login fails ',
      description: 'one\r\ntwo  \n',
      labels: 'bug,new one',
      assignee_ids: [nora.id],
      milestone_id: milestone.id,
      due_date: '2026-04-01',
    });
    expect(created.status).toBe(201);
    expect(created.object()).toMatchObject({
      iid: 1,
      title: 'Login fails',
      description: 'one\ntwo',
      state: 'opened',
      labels: ['bug', 'new one'],
      assignees: [{ username: 'nora' }],
      milestone: { id: milestone.id, title: 'R1', expired: true, project_id: 1 },
      due_date: '2026-04-01',
      author: { username: 'nora' },
      created_at: '2026-03-04T05:06:07.000Z',
      web_url: `${gitlab.url}/acme/web/-/issues/1`,
      references: { full: 'acme/web#1' },
    });
    pass(1000);
    const cleared = await send('PUT', `${base}/1`, {
      labels: '',
      assignee_ids: [0],
      milestone_id: 0,
      due_date: '',
      description: '',
    });
    expect(cleared.object()).toMatchObject({
      labels: [],
      assignees: [],
      milestone: null,
      due_date: null,
      description: '',
      updated_at: '2026-03-04T05:06:08.000Z',
    });
    const labelled = await send('PUT', `${base}/1`, { add_labels: 'a,b', remove_labels: 'bug' });
    expect(labelled.object()['labels']).toEqual(['a', 'b']);
    pass(1000);
    const closed = await send('PUT', `${base}/1`, { state_event: 'close' });
    expect(closed.object()).toMatchObject({
      state: 'closed',
      closed_by: { username: 'nora' },
      closed_at: '2026-03-04T05:06:09.000Z',
    });
    pass(1000);
    expect((await send('PUT', `${base}/1`, { state_event: 'close' })).object()['updated_at']).toBe(
      '2026-03-04T05:06:09.000Z',
    );
    const reopened = (await send('PUT', `${base}/1`, { state_event: 'reopen' })).object();
    expect(reopened).toMatchObject({ state: 'opened', closed_at: null, closed_by: null });
    const states = (await send('GET', `${base}/1/resource_state_events`)).rows();
    expect(pluck(states, 'state')).toEqual(['closed', 'reopened']);
    const labels = (await send('GET', `${base}/1/resource_label_events`)).rows();
    expect(pluck(labels, 'action')).toEqual(['add', 'add', 'remove', 'remove', 'add', 'add']);
    const notes = (await send('GET', `${base}/1/notes?sort=asc`)).rows();
    expect(pluck(notes, 'system')).not.toContain(false);
    expect(pluck(notes, 'body')).toContain('unassigned @nora');
  });

  it('refuse what GitLab refuses, in its words', async () => {
    const answer = async (method: string, path: string, body?: unknown, token = acme.token) => {
      const { status, text } = await send(method, path, body, token);
      return [status, text === '' ? null : JSON.parse(text)];
    };
    const tooLong = ['is too long (maximum is 255 characters)'];
    expect(await answer('POST', base, {})).toEqual([400, { error: 'title is missing' }]);
    expect(await answer('POST', base, { title: ' ' })).toEqual([400, { message: { title: ["can't be blank"] } }]);
    expect(await answer('POST', base, { title: 'x'.repeat(256) })).toEqual([400, { message: { title: tooLong } }]);
    expect(await answer('POST', base, { title: 'x', description: 'y'.repeat(1_048_577) })).toEqual([
      400,
      { message: { description: ['is too long (maximum is 1048576 characters)'] } },
    ]);
    expect((await send('POST', base, { title: '𝒳'.repeat(255) })).status).toBe(201);
    expect(await answer('PUT', `${base}/1`, { updated_at: '2026-01-01' })).toEqual([
      400,
      { error: expect.stringContaining('at least one parameter must be provided') },
    ]);
    expect(await answer('PUT', `${base}/9`, { title: 'x' })).toEqual([404, { message: '404 Not found' }]);
    expect(await answer('DELETE', `${base}/1`)).toEqual([403, { message: '403 Forbidden' }]);
    expect(await answer('POST', base, { title: 'x', assignee_ids: '2,3' })).toEqual([
      400,
      { error: 'assignee_ids is invalid' },
    ]);
    for (const title of ['nul \0', 'half \ud800'])
      expect((await send('POST', base, { title })).text).toBe('Bad Request');
    acme.gitlab.world.trackerSettings.spam = /buy now/;
    expect(await answer('POST', base, { title: 'buy now' })).toEqual([400, { message: { error: 'Spam detected' } }]);
    acme.gitlab.world.trackerSettings.spamAnswer = 'base';
    expect(await answer('PUT', `${base}/1`, { title: 'buy now' })).toEqual([
      400,
      { message: { base: [expect.any(String)] } },
    ]);
    acme.gitlab.world.projects.setFeature(acme.project, 'issues', 'disabled');
    expect(await answer('POST', base, { title: 'x' })).toEqual([403, { message: '403 Forbidden' }]);
    expect(await answer('GET', base)).toEqual([200, []]);
    expect(await answer('GET', `${base}/1`)).toEqual([404, { message: '404 Not found' }]);
    acme.gitlab.world.projects.setFeature(acme.project, 'issues', 'enabled');
    acme.gitlab.world.projects.archive(acme.project);
    expect(await answer('PUT', `${base}/1`, { title: 'x' })).toEqual([403, { message: '403 Forbidden' }]);
    expect(await answer('GET', base)).toEqual([200, [expect.objectContaining({ iid: 1 })]]);
    expect((await send('GET', base, undefined, acme.member(null))).status).toBe(404);
  });

  it('drop without a word what the user may not set', async () => {
    const guest = writer('guest');
    const made = await send(
      'POST',
      base,
      {
        title: 'Mine',
        labels: 'bug',
        assignee_ids: [acme.nora.id],
        due_date: '2026-04-01',
        iid: 77,
        created_at: '2020-01-01',
      },
      guest.token,
    );
    expect(made.status).toBe(201);
    expect(made.object()).toMatchObject({
      iid: 1,
      labels: [],
      assignees: [],
      due_date: null,
      created_at: '2026-03-04T05:06:07.000Z',
    });
    expect(
      (await send('PUT', `${base}/1`, { labels: 'bug', title: 'Still mine' }, guest.token)).object(),
    ).toMatchObject({
      title: 'Still mine',
      labels: [],
    });
    acme.gitlab.world.trackerSettings.guestsPlanNewIssues = true;
    acme.gitlab.world.labels.create(acme.project, { name: 'known' });
    const planned = await send('POST', base, { title: 'Also mine', labels: 'known,unknown' }, guest.token);
    expect(planned.object()['labels']).toEqual(['known']);
    expect((await send('PUT', `${base}/2`, { labels: '' }, guest.token)).object()['labels']).toEqual(['known']);
    acme.gitlab.world.issues.create(acme.project, { title: 'Theirs' });
    expect((await send('PUT', `${base}/3`, { title: 'No' }, guest.token)).status).toBe(403);
  });

  it('take iid and times from owners, and refuse an iid twice', async () => {
    const owner = writer('owner');
    const body = { title: 'Old', iid: 40, created_at: '2020-01-02T03:04:05.678Z' };
    expect((await send('POST', base, body, owner.token)).object()).toMatchObject({
      iid: 40,
      created_at: '2020-01-02T03:04:05.678Z',
      updated_at: '2026-03-04T05:06:07.000Z',
    });
    expect((await send('POST', base, body, owner.token)).json()).toEqual({ message: 'Duplicated issue' });
    expect((await send('POST', base, { title: 'Next' })).object()['iid']).toBe(41);
    const dated = await send('PUT', `${base}/40`, { title: 'Older', updated_at: '2021-01-01T00:00:00Z' }, owner.token);
    expect(dated.object()['updated_at']).toBe('2021-01-01T00:00:00.000Z');
    expect((await send('DELETE', `${base}/40`, undefined, owner.token)).status).toBe(204);
    expect((await send('GET', `${base}/40`)).json()).toEqual({ message: '404 Not found' });
  });

  it('keep one assignee and no weight on Free, all of it in the paid editions', async () => {
    const paid = await startAcme({ edition: 'ee' });
    for (const { gitlab, project, nora, token } of [acme, paid]) {
      const sam = gitlab.world.users.create({ username: 'sam' });
      const stranger = gitlab.world.users.create({ username: 'stranger' });
      gitlab.world.projects.setMember(project, sam, 'reporter');
      const body = { title: 'x', assignee_ids: [stranger.id, sam.id, nora.id], weight: 3, labels: 'p::1,p::2' };
      await ask(gitlab, token, base, { method: 'POST', body });
    }
    const free = (await ask(acme.gitlab, acme.token, `${base}/1`)).object();
    expect(free).toMatchObject({ assignees: [{ username: 'sam' }], labels: ['p::1', 'p::2'] });
    expect(free).not.toHaveProperty('weight');
    const shown = (await ask(paid.gitlab, paid.token, `${base}/1`)).object();
    expect(shown).toMatchObject({
      assignees: [{ username: 'sam' }, { username: 'nora' }],
      weight: 3,
      labels: ['p::2'],
    });
    await paid.gitlab.stop();
  });

  it('are hidden while confidential from those who are not concerned', async () => {
    const guest = writer('guest');
    const reporter = acme.member('reporter');
    const { issues } = acme.gitlab.world;
    issues.create(acme.project, { title: 'Open' });
    issues.create(acme.project, { title: 'Secret', confidential: true });
    issues.create(acme.project, { title: 'Own', confidential: true, by: guest.user });
    const titles = async (token = acme.token) => pluck((await send('GET', base, undefined, token)).rows(), 'title');
    expect(await titles(guest.token)).toEqual(['Own', 'Open']);
    expect(await titles(reporter)).toEqual(['Own', 'Secret', 'Open']);
    expect((await send('GET', `${base}/2`, undefined, guest.token)).json()).toEqual({ message: '404 Not found' });
    expect((await send('GET', `${base}/2/notes`, undefined, guest.token)).json()).toEqual({
      message: '404 Issue Not Found',
    });
    const statistics = asObject((await send('GET', '/projects/1/issues_statistics', undefined, guest.token)).json());
    expect(statistics).toEqual({ statistics: { counts: { all: 2, closed: 0, opened: 2 } } });
  });

  it('move to another project with text, notes and known labels, and stay behind closed', async () => {
    const { gitlab, group, project, nora } = acme;
    const { world } = gitlab;
    const target = world.projects.create({ path: 'api', owner: group });
    world.projects.setMember(target, nora, 'reporter');
    world.labels.create(target, { name: 'bug', color: '#112233' });
    const file = world.uploads.create(project, 'a b.txt', Buffer.from('hello'), nora);
    const issue = world.issues.create(project, {
      title: 'Wanderer',
      labels: ['bug', 'local'],
      description: `see #1 and [a](/uploads/${file.secret}/${file.filename})`,
    });
    world.notes.create(issue, { body: 'first', by: nora });
    const moved = await send('POST', `${base}/1/move`, { to_project_id: target.id });
    expect(moved.status).toBe(201);
    expect(moved.object()).toMatchObject({
      project_id: target.id,
      iid: 1,
      labels: ['bug'],
      created_at: '2026-03-04T05:06:07.000Z',
    });
    expect(moved.object()['description']).toMatch(
      /^see acme\/web#1 and \[a\]\(\/uploads\/(?!X)[0-9a-f]{32}\/a_b.txt\)$/,
    );
    expect(moved.object()['description']).not.toContain(file.secret);
    const old = (await send('GET', `${base}/1`)).object();
    expect(old).toMatchObject({ state: 'closed', moved_to_id: moved.object()['id'] });
    const notes = (await send('GET', `/projects/${target.id}/issues/1/notes?sort=asc`)).rows();
    expect(pluck(notes, 'body')).toEqual(['first', 'moved from web#1']);
    expect(pluck((await send('GET', `${base}/1/notes`)).rows(), 'body')[0]).toBe('moved to api#1');
    expect((await send('POST', `${base}/1/move`, { to_project_id: target.id })).json()).toEqual({
      message: 'Cannot move issue due to insufficient permissions!',
    });
  });

  it('move updated_at where GitLab does, and only there', async () => {
    const { gitlab, project, nora, pass } = acme;
    const { world } = gitlab;
    const issue = world.issues.create(project, { title: 'Still', labels: ['bug'], by: nora });
    const other = world.issues.create(project, { title: 'Other', by: nora });
    const note = world.notes.create(issue, { body: 'hello', by: nora });
    world.issues.update(issue, { title: 'Still' }, { by: nora });
    const moves = (change: () => void): boolean => {
      pass(1000);
      const before = issue.updatedAt;
      change();
      return issue.updatedAt > before;
    };
    const label = project.labels.get('bug');
    if (label === undefined) throw new Error('the label was made');
    expect(moves(() => world.labels.update(label, { name: 'defect', color: '#000000' }))).toBe(false);
    expect(moves(() => world.issues.update(issue, { title: 'Still' }, { by: nora }))).toBe(false);
    expect(moves(() => world.notes.update(note, 'hello', { by: nora }))).toBe(false);
    expect(moves(() => world.notes.update(note, 'hello there', { by: nora }))).toBe(true);
    expect(moves(() => world.notes.delete(note))).toBe(false);
    expect(moves(() => world.issues.update(other, { description: 'about #1' }, { by: nora }))).toBe(false);
    expect(moves(() => void world.uploads.create(project, 'x.txt', Buffer.from('x'), nora))).toBe(false);
    expect(moves(() => world.issues.label(issue, { add: ['more'] }, { by: nora }))).toBe(true);
    expect(moves(() => world.issues.close(issue, { by: nora }))).toBe(true);
    expect((await send('GET', `${base}/1`)).object()['labels']).toEqual(['defect', 'more']);
    expect(pluck((await send('GET', `${base}/1/notes`)).rows(), 'body')).toContain('mentioned in issue #2');
  });
});
