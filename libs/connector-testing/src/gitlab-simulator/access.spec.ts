import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { startAcme, type Acme } from './testing/acme.js';
import { ask } from './testing/ask.js';

describe('who may read what', () => {
  let acme: Acme;
  beforeEach(async () => {
    acme = await startAcme({ pathPrefix: '/gitlab' });
  });
  afterEach(async () => {
    await acme.gitlab.stop();
  });

  it('knows the bearer of a token, whichever header carries it', async () => {
    const { gitlab, token } = acme;
    expect((await ask(gitlab, token, '/user')).object()).toMatchObject({ username: 'nora' });
    const bearer = { headers: { Authorization: `Bearer ${token.value}` } };
    expect((await ask(gitlab, undefined, '/user', bearer)).object()).toMatchObject({ username: 'nora' });
    expect((await ask(gitlab, token, '/personal_access_tokens/self')).object()).toMatchObject({
      scopes: ['api'],
      active: true,
      revoked: false,
      expires_at: null,
    });
  });

  it('refuses unknown, revoked, expired, deploy and misplaced job tokens, each in its own words', async () => {
    const { gitlab, nora } = acme;
    const { tokens } = gitlab.world;
    const revoked = tokens.create({ user: nora });
    tokens.revoke(revoked);
    const expired = tokens.create({ user: nora, expiresAt: '2026-03-04' });
    const deploy = tokens.create({ kind: 'deploy' });
    const job = tokens.create({ kind: 'job', user: nora });
    const plain = { message: '401 Unauthorized' };
    const nobody = await ask(gitlab, undefined, '/user');
    expect([nobody.status, nobody.json()]).toEqual([401, plain]);
    expect((await ask(gitlab, undefined, '/user', { headers: { 'PRIVATE-TOKEN': 'x' } })).json()).toEqual(plain);
    expect((await ask(gitlab, deploy, '/user')).json()).toEqual(plain);
    expect((await ask(gitlab, job, '/user')).json()).toEqual(plain);
    expect((await ask(gitlab, revoked, '/user')).json()).toEqual({
      error: 'invalid_token',
      error_description: 'Token was revoked. You have to re-authorize from the user.',
    });
    expect((await ask(gitlab, expired, '/user')).object()).toMatchObject({ error: 'invalid_token' });
    const inJob = await ask(gitlab, undefined, '/projects/1/releases', { headers: { 'JOB-TOKEN': job.value } });
    expect(inJob.status).toBe(200);
  });

  it('lets a token do what its scopes say', async () => {
    const { gitlab, nora } = acme;
    const registryOnly = gitlab.world.tokens.create({ user: nora, scopes: ['read_registry'] });
    const reader = gitlab.world.tokens.create({ user: nora, scopes: ['read_api'] });
    const userOnly = gitlab.world.tokens.create({ user: nora, scopes: ['read_user'] });
    const refused = await ask(gitlab, registryOnly, '/projects/1');
    expect(refused.status).toBe(403);
    expect(refused.object()).toMatchObject({ error: 'insufficient_scope', scope: 'api read_api' });
    const write = await ask(gitlab, reader, '/projects/1/hooks', { method: 'POST', body: { url: 'http://127.0.0.1' } });
    expect([write.status, write.object()['scope']]).toEqual([403, 'api']);
    expect((await ask(gitlab, userOnly, '/user')).status).toBe(200);
    expect((await ask(gitlab, userOnly, '/projects')).status).toBe(403);
  });

  it('hides private projects from strangers and code from guests', async () => {
    const { gitlab, member } = acme;
    const stranger = await ask(gitlab, member(null), '/projects/acme%2Fweb');
    expect([stranger.status, stranger.json()]).toEqual([404, { message: '404 Project Not Found' }]);
    const guest = member('guest');
    for (const part of ['merge_requests', 'pipelines', 'repository/commits', 'registry/repositories', 'deployments']) {
      const refused = await ask(gitlab, guest, `/projects/1/${part}`);
      expect([part, refused.status, refused.json()]).toEqual([part, 403, { message: '403 Forbidden' }]);
    }
    gitlab.world.releases.create(acme.project, { tagName: 'v1' });
    const [shown] = (await ask(gitlab, guest, '/projects/1/releases')).rows();
    expect(shown).toHaveProperty('name', 'v1');
    expect(shown).not.toHaveProperty('tag_name');
    expect(shown).not.toHaveProperty('commit');
    expect((await ask(gitlab, member('reporter'), '/projects/1/registry/repositories')).status).toBe(200);
    expect((await ask(gitlab, member('developer'), '/projects/1/hooks')).status).toBe(403);
  });

  it('inherits roles from groups and gives them to bots', async () => {
    const { gitlab, group, project, member } = acme;
    const { world } = gitlab;
    const child = world.groups.create({ path: 'tools', parent: group });
    const deep = world.projects.create({ path: 'cli', owner: child });
    const lead = world.users.create({ username: 'lead' });
    world.groups.setMember(group, lead, 'reporter');
    const leads = world.tokens.create({ user: lead });
    expect((await ask(gitlab, leads, `/projects/${deep.id}/merge_requests`)).status).toBe(200);
    const bot = world.tokens.create({ kind: 'project', project, role: 'reporter' });
    const me = (await ask(gitlab, bot, '/user')).object();
    expect(me['username']).toMatch(/^project_1_bot_[0-9a-f]{32}$/);
    expect((await ask(gitlab, bot, '/projects/1/pipelines')).status).toBe(200);
    expect((await ask(gitlab, bot, `/projects/${deep.id}`)).status).toBe(404);
    const listed = await ask(gitlab, leads, '/groups/acme/projects?include_subgroups=true&with_shared=false');
    expect(listed.rows()).toHaveLength(2);
    expect((await ask(gitlab, leads, '/groups/acme/projects?with_shared=false')).rows()).toHaveLength(1);
    expect((await ask(gitlab, member(null), '/groups/acme')).json()).toEqual({ message: '404 Group Not Found' });
  });

  it('lists shared projects in a group unless told otherwise', async () => {
    const { gitlab, group, token } = acme;
    const other = gitlab.world.projects.create({ path: 'elsewhere', visibility: 'public' });
    gitlab.world.groups.share(other, group);
    expect((await ask(gitlab, token, '/groups/acme/projects')).rows()).toHaveLength(2);
    expect((await ask(gitlab, token, '/groups/acme/projects?with_shared=false')).rows()).toHaveLength(1);
  });

  it('answers 403 where a feature is off', async () => {
    const { gitlab, project, token } = acme;
    gitlab.world.projects.setFeature(project, 'container_registry', 'disabled');
    const refused = await ask(gitlab, token, '/projects/1/registry/repositories');
    expect([refused.status, refused.json()]).toEqual([403, { message: '403 Forbidden' }]);
    expect((await ask(gitlab, token, '/projects/1')).object()).toHaveProperty(
      'container_registry_access_level',
      'disabled',
    );
  });

  it('redirects GET on a former path to the numeric id, and lets go of it when the path is taken again', async () => {
    const { gitlab, group, project, token } = acme;
    gitlab.world.projects.rename(project, 'site');
    const moved = await ask(gitlab, token, '/projects/acme%2Fweb/merge_requests?state=opened');
    expect(moved.status).toBe(301);
    expect(moved.headers.get('location')).toBe(`${gitlab.url}/api/v4/projects/1/merge_requests?state=opened`);
    expect((await ask(gitlab, token, '/projects/acme%2Fsite')).status).toBe(200);
    expect((await ask(gitlab, token, '/projects/acme%2Fweb', { method: 'PUT', body: {} })).status).toBe(405);
    const successor = gitlab.world.projects.create({ path: 'web', owner: group, visibility: 'public' });
    expect((await ask(gitlab, token, '/projects/acme%2Fweb')).object()).toHaveProperty('id', successor.id);
  });

  it('leaves archived projects out on request, and deleted ones for good', async () => {
    const { gitlab, project, token } = acme;
    const { projects, registry } = gitlab.world;
    const repository = registry.createRepository(project, 'api');
    projects.archive(project);
    const listed = async (query: string) =>
      (await ask(gitlab, token, `/projects?membership=true&${query}`)).rows().length;
    expect([await listed(''), await listed('archived=false'), await listed('archived=true')]).toEqual([1, 0, 1]);
    projects.scheduleDeletion(project);
    expect((await ask(gitlab, token, '/projects/1')).object()).toMatchObject({
      path: 'web-deletion_scheduled-1',
      marked_for_deletion_on: '2026-03-04',
    });
    expect((await ask(gitlab, token, `/registry/repositories/${repository.id}`)).status).toBe(200);
    projects.delete(project);
    expect((await ask(gitlab, token, '/projects/1')).json()).toEqual({ message: '404 Project Not Found' });
    expect((await ask(gitlab, token, `/registry/repositories/${repository.id}`)).status).toBe(404);
  });

  it('writes down the paths it does not know', async () => {
    const { gitlab, token } = acme;
    const unknown = await ask(gitlab, token, '/projects/1/wikis?private_token=secret');
    expect([unknown.status, unknown.json()]).toEqual([404, { error: '404 Not Found' }]);
    expect(gitlab.requests.unexpected).toMatchObject([{ method: 'GET', path: '/projects/1/wikis', status: 404 }]);
    expect(JSON.stringify(gitlab.requests.all)).not.toContain('secret');
    const mark = gitlab.requests.mark();
    await ask(gitlab, token, '/projects/1');
    expect(gitlab.requests.since(mark)).toMatchObject([{ endpoint: 'GET /projects/:id', status: 200 }]);
    expect(gitlab.requests.count('GET /projects/:id')).toBe(1);
  });
});
