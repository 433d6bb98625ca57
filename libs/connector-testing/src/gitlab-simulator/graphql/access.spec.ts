import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { startAcme, type Acme } from '../testing/acme.js';
import { askGraphQl } from './testing/ask-graphql.js';
import type { AccessToken } from '../model/people.js';

describe('who may read what by GraphQL', () => {
  let acme: Acme;
  beforeEach(async () => {
    acme = await startAcme();
  });
  afterEach(async () => {
    await acme.gitlab.stop();
  });
  const ask = async (token: AccessToken | undefined, query: string, variables: Record<string, unknown> = {}) =>
    askGraphQl(acme.gitlab, token, query, variables);
  const who = '{ currentUser { username } }';

  it('refuses every token that does not do in the same words, and never takes its bearer for nobody', async () => {
    const { gitlab, nora } = acme;
    const { tokens } = gitlab.world;
    const revoked = tokens.create({ user: nora });
    tokens.revoke(revoked);
    const refused = [
      revoked,
      tokens.create({ user: nora, expiresAt: '2026-03-04' }),
      tokens.create({ user: nora, scopes: ['read_user'] }),
      tokens.create({ kind: 'deploy' }),
      tokens.create({ kind: 'job', user: nora }),
      { ...revoked, value: 'unknown' },
    ];
    for (const token of refused) {
      const { status, body } = await ask(token, who);
      expect([status, body]).toEqual([401, { errors: [{ message: 'Invalid token' }] }]);
    }
    expect((await ask(tokens.create({ user: nora, scopes: ['read_api'] }), who)).body.data).toEqual({
      currentUser: { username: 'nora' },
    });
    const query = `${gitlab.url}/api/graphql?private_token=${acme.token.value}`;
    const response = await fetch(query, { method: 'POST', body: JSON.stringify({ query: who }) });
    expect(await response.json()).toEqual({ data: { currentUser: { username: 'nora' } } });
    expect(JSON.stringify(gitlab.requests.all)).not.toContain(acme.token.value);
    gitlab.world.users.block(nora);
    const blocked = await ask(acme.token, who);
    expect([blocked.status, blocked.body]).toEqual([403, { errors: [{ message: 'API not accessible for user' }] }]);
  });

  it('leaves hidden, unknown and deleted projects out without a word, and knows no former path', async () => {
    const { gitlab, group, project, member, token } = acme;
    const { world } = gitlab;
    const secret = world.projects.create({ path: 'secret', owner: group });
    const open = world.projects.create({ path: 'open', owner: group, visibility: 'public' });
    const ids = [project.id, secret.id, open.id, 99].map((id) => `gid://gitlab/Project/${id}`);
    const list = 'query List($ids: [ID!]!) { projects(ids: $ids) { count nodes { fullPath } } }';
    const paths = async (by: AccessToken | undefined) => {
      const { status, body } = await ask(by, list, { ids });
      expect([status, body.errors]).toEqual([200, undefined]);
      return body.data.projects.nodes.map(({ fullPath }: { fullPath: string }) => fullPath);
    };
    expect(await paths(token)).toEqual(['acme/open', 'acme/web']);
    expect(await paths(member(null))).toEqual(['acme/open']);
    expect(await paths(undefined)).toEqual(['acme/open']);
    const one = async (path: string) =>
      (await ask(token, 'query One($path: ID!) { project(fullPath: $path) { id } }', { path })).body;
    expect(await one('acme/secret')).toEqual({ data: { project: null } });
    expect(await one('ACME/Web')).toEqual({ data: { project: { id: 'gid://gitlab/Project/1' } } });
    world.projects.rename(project, 'site');
    expect(await one('acme/web')).toEqual({ data: { project: null } });
    expect(await paths(token)).toEqual(['acme/open', 'acme/site']);
    world.projects.delete(open);
    expect(await paths(token)).toEqual(['acme/site']);
  });

  it('refuses ids of other things and too many paths, with the list null', async () => {
    const list = async (variables: Record<string, unknown>) =>
      (
        await ask(
          acme.token,
          'query L($ids: [ID!], $paths: [String!]) { projects(ids: $ids, fullPaths: $paths) { count } }',
          variables,
        )
      ).body;
    for (const id of ['gid://gitlab/Group/1', '1']) {
      const { data, errors } = await list({ ids: [id] });
      expect([data, errors]).toMatchObject([{ projects: null }, [{ path: ['projects'] }]]);
      expect(errors[0].message).toContain(`"${id}" is not a valid`);
    }
    expect((await list({ paths: Array.from({ length: 51 }, (_, index) => `acme/p${index}`) })).errors).toHaveLength(1);
    expect((await list({ paths: ['ACME/web', 'acme/none'] })).data.projects.count).toBe(1);
    expect((await list({ ids: [] })).data.projects.count).toBe(0);
  });

  it('lists what one is a member of, or what a search finds', async () => {
    const { gitlab, group, token, nora } = acme;
    const other = gitlab.world.projects.create({ path: 'open', owner: group, visibility: 'public' });
    const list = async (filter: string) =>
      (await ask(token, `{ projects(${filter}) { nodes { name } } }`)).body.data.projects.nodes;
    expect(await list('membership: true')).toEqual([{ name: 'web' }]);
    expect(await list('search: "PEN"')).toEqual([{ name: 'open' }]);
    gitlab.world.projects.setMember(other, nora, 'guest');
    expect(await list('membership: true, sort: "id_asc"')).toEqual([{ name: 'web' }, { name: 'open' }]);
  });

  it('shows guests no code: empty lists, or null where a part of the project is closed', async () => {
    const { gitlab, project, member } = acme;
    const { world } = gitlab;
    world.mergeRequests.create(project);
    world.pipelines.create(project);
    world.releases.create(project, { tagName: 'v1' });
    world.registry.createRepository(project, 'api');
    const query = `{
      project(fullPath: "acme/web") {
        mergeRequests { count nodes { iid headPipeline { id } } }
        pipelines { count }
        releases { nodes { name tagName commit { sha } assets { count } } }
        containerRepositories { nodes { path } }
        repository { tree { lastCommit { sha } } }
      }
      containerRepository(id: "gid://gitlab/ContainerRepository/1") { id }
    }`;
    expect((await ask(member('guest'), query)).body).toEqual({
      data: {
        project: {
          mergeRequests: { count: 0, nodes: [] },
          pipelines: { count: 0 },
          releases: { nodes: [{ name: 'v1', tagName: null, commit: null, assets: { count: 0 } }] },
          containerRepositories: null,
          repository: null,
        },
        containerRepository: null,
      },
    });
    const reporter = (await ask(member('reporter'), query)).body.data;
    expect(reporter).toMatchObject({
      project: { mergeRequests: { count: 1 }, pipelines: { count: 1 }, releases: { nodes: [{ tagName: 'v1' }] } },
      containerRepository: { id: 'gid://gitlab/ContainerRepository/1' },
    });
    expect(reporter.project.repository.tree.lastCommit.sha).toBe(project.repository.branches.get('main')?.sha);
    world.projects.setFeature(project, 'container_registry', 'disabled');
    world.projects.setFeature(project, 'builds', 'disabled');
    const closed = (await ask(member('developer'), query)).body.data;
    expect(closed.containerRepository).toBeNull();
    expect(closed.project).toMatchObject({
      containerRepositories: null,
      pipelines: { count: 0 },
      mergeRequests: { nodes: [{ headPipeline: null }] },
    });
  });
});
