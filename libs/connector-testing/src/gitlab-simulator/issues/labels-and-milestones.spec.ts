import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { AccessToken, Role } from '../model/people.js';
import { startAcme, type Acme } from '../testing/acme.js';
import { ask, pluck, type Answer } from '../testing/ask.js';

const labels = '/projects/1/labels';
const milestones = '/projects/1/milestones';

describe('labels and milestones', () => {
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
  const writer = (role: Role): AccessToken => {
    const { user } = acme.member(role);
    if (user === undefined) throw new Error('a member has a user');
    return acme.gitlab.world.tokens.create({ user, scopes: ['api'] });
  };

  it('labels are made with colour and description, renamed, recoloured and deleted', async () => {
    const { gitlab, project } = acme;
    const made = await send('POST', labels, { name: ' bug/a ', color: 'red', description: 'broken' });
    expect(made.status).toBe(201);
    expect(made.object()).toMatchObject({
      name: 'bug/a',
      color: '#ff0000',
      description: 'broken',
      is_project_label: true,
    });
    const issue = gitlab.world.issues.create(project, { title: 'x', labels: ['bug/a', 'other'] });
    const mergeRequest = gitlab.world.mergeRequests.create(project, { labels: ['bug/a'], keepBranch: false });
    const renamed = await send('PUT', `${labels}/bug%2Fa`, { new_name: 'defect', color: '#ABC', description: '' });
    expect(renamed.object()).toMatchObject({
      id: made.object()['id'],
      name: 'defect',
      color: '#aabbcc',
      description: null,
    });
    expect((await send('GET', '/projects/1/issues/1')).object()['labels']).toEqual(['defect', 'other']);
    expect(mergeRequest.labels).toEqual(['defect']);
    const counted = (await send('GET', `${labels}?with_counts=true&search=DEF`)).rows();
    expect(counted).toMatchObject([{ name: 'defect', open_issues_count: 1, open_merge_requests_count: 1 }]);
    expect((await send('DELETE', `${labels}/defect`)).status).toBe(204);
    expect(issue.labels.map(({ name }) => name)).toEqual(['other']);
    expect((await send('GET', `${labels}/defect`)).json()).toEqual({ message: '404 Label Not Found' });
    const events = (await send('GET', '/projects/1/issues/1/resource_label_events')).rows();
    expect(pluck(events, 'label')).toEqual([null, expect.objectContaining({ name: 'other' })]);
  });

  it('labels of the group are inherited, and changed only there', async () => {
    const { gitlab, group, project } = acme;
    const shared = gitlab.world.labels.create(group, { name: 'shared', color: '#123456' });
    expect((await send('GET', labels)).rows()).toMatchObject([{ name: 'shared', is_project_label: false }]);
    expect((await send('GET', `${labels}?include_ancestor_groups=false`)).rows()).toEqual([]);
    expect((await send('POST', labels, { name: 'shared', color: '#000000' })).json()).toEqual({
      message: 'Label already exists',
    });
    expect((await send('PUT', `${labels}/shared`, { color: '#000000' })).status).toBe(404);
    const issue = gitlab.world.issues.create(project, { title: 'x', labels: ['shared'] });
    expect(issue.labels).toEqual([shared]);
    expect((await send('PUT', `/groups/${group.id}/labels/shared`, { color: '#000000' })).status).toBe(403);
    gitlab.world.groups.setMember(group, acme.nora, 'reporter');
    expect((await send('PUT', `/groups/${group.id}/labels/shared`, { new_name: 'common' })).status).toBe(200);
    expect(issue.labels[0]?.name).toBe('common');
  });

  it('labels are refused as GitLab refuses them', async () => {
    const answer = async (body: unknown, token = acme.token) => {
      const { status, text } = await send('POST', labels, body, token);
      return [status, JSON.parse(text)];
    };
    expect(await answer({})).toEqual([400, { error: 'name is missing, color is missing' }]);
    expect(await answer({ name: 'a,b', color: '#000000' })).toEqual([400, { message: { title: ['is invalid'] } }]);
    expect(await answer({ name: 'a', color: 'blurple' })).toEqual([
      400,
      { message: { color: ['must be a valid color code'] } },
    ]);
    expect(await answer({ name: 'a', color: '#000000' }, writer('guest'))).toEqual([403, { message: '403 Forbidden' }]);
    expect(await answer({ name: 'a', color: '#000000' }, writer('planner'))).toEqual([
      201,
      expect.objectContaining({ name: 'a' }),
    ]);
    expect((await send('PUT', `${labels}/a`, {})).status).toBe(400);
  });

  it('milestones are made, changed, closed, found and deleted', async () => {
    const { gitlab, group, project, pass } = acme;
    const made = await send('POST', milestones, { title: 'R1', due_date: '2026-05-01', start_date: '2026-04-01' });
    expect(made.status).toBe(201);
    expect(made.object()).toMatchObject({
      iid: 1,
      project_id: 1,
      state: 'active',
      expired: false,
      due_date: '2026-05-01',
    });
    const id = Number(made.object()['id']);
    const shared = gitlab.world.milestones.create(group, { title: 'Everywhere' });
    const milestone = project.milestones.get(id) ?? null;
    const issue = gitlab.world.issues.create(project, { title: 'x', milestone });
    pass(1000);
    const before = issue.updatedAt;
    const changed = await send('PUT', `${milestones}/${id}`, { title: 'R2', state_event: 'close', due_date: '' });
    expect(changed.object()).toMatchObject({ title: 'R2', state: 'closed', due_date: null, start_date: '2026-04-01' });
    expect(issue.updatedAt).toBe(before);
    expect((await send('GET', '/projects/1/issues/1')).object()['milestone']).toMatchObject({ title: 'R2' });
    expect(pluck((await send('GET', milestones)).rows(), 'title')).toEqual(['R2']);
    expect(pluck((await send('GET', `${milestones}?include_ancestors=true&state=active`)).rows(), 'title')).toEqual([
      'Everywhere',
    ]);
    expect((await send('GET', `${milestones}?include_ancestors=true&title=Everywhere`)).rows()).toMatchObject([
      { group_id: group.id },
    ]);
    expect(pluck((await send('GET', `${milestones}/${id}/issues`)).rows(), 'iid')).toEqual([1]);
    expect((await send('GET', `${milestones}/${shared.id}`)).status).toBe(404);
    expect(
      (await send('PUT', '/projects/1/issues/1', { milestone_id: shared.id })).object()['milestone'],
    ).toMatchObject({
      title: 'Everywhere',
    });
    expect((await send('PUT', '/projects/1/issues/1', { milestone_id: 999 })).object()['milestone']).toBeNull();
    await send('PUT', '/projects/1/issues/1', { milestone_id: id });
    pass(1000);
    const set = issue.updatedAt;
    expect((await send('DELETE', `${milestones}/${id}`)).status).toBe(204);
    expect([issue.milestone, issue.updatedAt > set]).toEqual([null, true]);
  });

  it('milestones are refused as GitLab refuses them', async () => {
    const answer = async (body: unknown, token = acme.token) => {
      const { status, text } = await send('POST', milestones, body, token);
      return [status, JSON.parse(text)];
    };
    acme.gitlab.world.milestones.create(acme.group, { title: 'Taken' });
    expect(await answer({})).toEqual([400, { error: 'title is missing' }]);
    expect(await answer({ title: '' })).toEqual([400, { message: { title: ["can't be blank"] } }]);
    expect((await answer({ title: 'Taken' }))[0]).toBe(400);
    expect(await answer({ title: 'x', start_date: '2026-02-01', due_date: '2026-01-01' })).toEqual([
      400,
      { message: { due_date: ['must be greater than start date'] } },
    ]);
    expect((await answer({ title: 'x' }, writer('guest')))[0]).toBe(403);
  });
});
