import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { startAcme, type Acme } from '../testing/acme.js';
import { askGraphQl } from './testing/ask-graphql.js';

describe('what GraphQL can be made to lack', () => {
  let acme: Acme;
  beforeEach(async () => {
    acme = await startAcme();
    for (let count = 0; count < 5; count += 1) acme.gitlab.world.mergeRequests.create(acme.project);
  });
  afterEach(async () => {
    await acme.gitlab.stop();
  });
  const ask = (query: string) => askGraphQl(acme.gitlab, acme.token, query);
  const inProject = (field: string): string => `query Look { project(fullPath: "acme/web") { ${field} } }`;
  const mergeRequests = (first: number, fields: string): string =>
    inProject(`mergeRequests(first: ${first}, sort: CREATED_ASC) { nodes { ${fields} } }`);

  it('is all of it: 404, or a page in its place, which the log does not call unexpected', async () => {
    const { gitlab } = acme;
    gitlab.graphql.set({ mode: 'absent' });
    const absent = await ask('{ currentUser { id } }');
    expect([absent.status, absent.headers.get('content-type')]).toEqual([404, 'text/html; charset=utf-8']);
    gitlab.graphql.set({ mode: 'html' });
    const page = await ask('{ currentUser { id } }');
    expect([page.status, page.text]).toEqual([200, expect.stringContaining('Sign in')]);
    gitlab.graphql.set({ mode: 'on' });
    expect((await ask('{ currentUser { id } }')).body.data.currentUser).toEqual({ id: 'gid://gitlab/User/2' });
    expect([gitlab.requests.unexpected, gitlab.requests.count('POST /api/graphql')]).toEqual([[], 3]);
  });

  it('is a field, an argument or a word, for queries and for those who ask what there is', async () => {
    const { gitlab } = acme;
    const pipelines = inProject('pipelines(updatedAfter: "2026-01-01T00:00:00Z") { nodes { name } }');
    const fields = '{ __type(name: "Project") { fields { name args { name } } } }';
    const updatedAfter = async () => {
      const { body } = await ask(fields);
      return body.data.__type.fields
        .find(({ name }: { name: string }) => name === 'pipelines')
        .args.some(({ name }: { name: string }) => name === 'updatedAfter');
    };
    expect([(await ask(pipelines)).body.errors, await updatedAfter()]).toEqual([undefined, true]);
    gitlab.graphql.set({
      lacking: ['Pipeline.name', 'Project.pipelines(updatedAfter)', 'ContainerRepositoryTagSort.PUBLISHED_AT_DESC'],
    });
    expect((await ask(pipelines)).body).toMatchObject({
      errors: [
        { extensions: { code: 'argumentNotAccepted', name: 'pipelines', argumentName: 'updatedAfter' } },
        { extensions: { code: 'undefinedField', typeName: 'Pipeline', fieldName: 'name' } },
      ],
    });
    expect(await updatedAfter()).toBe(false);
    const tags =
      '{ containerRepository(id: "gid://gitlab/ContainerRepository/1") { tags(sort: PUBLISHED_AT_DESC) { nodes { name } } } }';
    expect((await ask(tags)).body.errors).toMatchObject([{ extensions: { code: 'argumentLiteralsIncompatible' } }]);
    gitlab.graphql.set({ lacking: [] });
    expect((await ask(pipelines)).body.errors).toBeUndefined();
  });

  it('refuses to lack or to fail at what was never there, and stays as it was', () => {
    const { graphql } = acme.gitlab;
    graphql.set({ lacking: ['Pipeline.name'] });
    expect(() => graphql.set({ lacking: ['Pipeline.nmae'] })).toThrow('the GraphQL schema has no Pipeline.nmae');
    expect(() => graphql.set({ lacking: ['Project.pipelines(updateAfter)'] })).toThrow('has no');
    expect(() => graphql.set({ failing: { 'Project.pipeline': 'x' } })).toThrow('has no Project.pipeline');
    expect(() => graphql.set({ timeouts: { 'MergeRequest.files': 1 } })).toThrow('has no MergeRequest.files');
    expect(() => graphql.set({ statementTimeouts: { 'Group.projects': 1 } })).toThrow('has no Group.projects');
    expect(graphql.settings.lacking).toEqual(['Pipeline.name']);
  });

  it('is one field at run time: null there and an error beside the data', async () => {
    acme.gitlab.graphql.set({
      failing: { 'Project.pipelines': 'Gitaly is away', 'MergeRequest.diffStats': 'no diff' },
    });
    const { status, body } = await ask(
      inProject('id mergeRequests(first: 1) { nodes { iid diffStats { path } } } pipelines { nodes { id } }'),
    );
    expect(status).toBe(200);
    expect(body.data.project).toEqual({
      id: 'gid://gitlab/Project/1',
      mergeRequests: { nodes: [{ iid: '5', diffStats: null }] },
      pipelines: null,
    });
    expect(body.errors).toEqual([
      { message: 'no diff', locations: expect.anything(), path: ['project', 'mergeRequests', 'nodes', 0, 'diffStats'] },
      { message: 'Gitaly is away', locations: expect.anything(), path: ['project', 'pipelines'] },
    ]);
  });

  it('is what may not be null: then what is around it is', async () => {
    acme.gitlab.graphql.set({ failing: { 'MergeRequest.title': 'no title' } });
    const { body } = await ask(mergeRequests(1, 'iid title'));
    expect(body.data.project.mergeRequests.nodes).toEqual([null]);
  });

  it('is time: rows up to there are whole, everything after is null', async () => {
    acme.gitlab.graphql.set({ timeouts: { 'MergeRequest.diffStats': 2 } });
    const files = { diffStats: [{ path: 'src/main.ts' }, { path: 'README.md' }], description: null };
    const enough = await ask(mergeRequests(2, 'diffStats { path } description'));
    expect(enough.body).toEqual({ data: { project: { mergeRequests: { nodes: [files, files] } } } });
    const { status, body } = await ask(
      inProject(
        'mergeRequests(first: 4, sort: CREATED_ASC) { nodes { diffStats { path } description } } repository { empty } name',
      ),
    );
    expect(status).toBe(200);
    const nothing = { diffStats: null, description: null };
    // `name` may not be null, so its project is.
    expect(body.data).toEqual({ project: null });
    expect(body.errors.map(({ message }: { message: string }) => message)).toContain('Timeout on Project.name');
    const partial = await ask(mergeRequests(4, 'diffStats { path } description'));
    expect(partial.body.data.project.mergeRequests.nodes).toEqual([files, files, nothing, nothing]);
    expect(partial.body.errors[0]).toMatchObject({
      message: 'Timeout on MergeRequest.diffStats',
      path: ['project', 'mergeRequests', 'nodes', 2, 'diffStats'],
    });
  });

  it('is the patience of the database: a 503 for pages that are too large', async () => {
    acme.gitlab.graphql.set({ statementTimeouts: { 'Project.mergeRequests': 10 } });
    expect((await ask(mergeRequests(10, 'iid'))).status).toBe(200);
    for (const query of [mergeRequests(11, 'iid'), inProject('mergeRequests { count }')]) {
      const { status, body } = await ask(query);
      expect([status, body]).toEqual([
        503,
        { errors: [{ message: 'Request timed out. Please try a less complex query or a smaller set of records.' }] },
      ]);
    }
  });

  it('is room: the limit of the score', async () => {
    const query = `query Look { queryComplexity { score limit } currentUser { id } }`;
    expect((await ask(query)).body.data.queryComplexity).toEqual({ score: 5, limit: 250 });
    acme.gitlab.graphql.set({ complexityLimit: 5 });
    expect((await ask(query)).body.data.queryComplexity).toEqual({ score: 5, limit: 5 });
    acme.gitlab.graphql.set({ complexityLimit: 4 });
    expect((await ask(query)).body).toEqual({
      errors: [{ message: 'Query has complexity of 5, which exceeds max complexity of 4' }],
    });
  });

  it("is the registry's memory of what was pushed when", async () => {
    const { gitlab, project, pass } = acme;
    const { registry } = gitlab.world;
    const repository = registry.createRepository(project, 'api');
    for (const name of ['b', 'a', 'c']) {
      pass(1_000);
      registry.pushTag(repository, name);
    }
    pass(1_000);
    registry.pushTag(repository, 'b');
    const tags = async (sort: string) =>
      (
        await ask(`{ containerRepository(id: "gid://gitlab/ContainerRepository/1") {
        lastPublishedAt tags(sort: ${sort}) { nodes { name publishedAt } }
      } }`)
      ).body;
    expect((await tags('PUBLISHED_AT_DESC')).data.containerRepository).toEqual({
      lastPublishedAt: '2026-03-04T05:06:11Z',
      tags: {
        nodes: [
          { name: 'b', publishedAt: '2026-03-04T05:06:11Z' },
          { name: 'c', publishedAt: '2026-03-04T05:06:10Z' },
          { name: 'a', publishedAt: '2026-03-04T05:06:09Z' },
        ],
      },
    });
    gitlab.graphql.set({ registry: 'plain' });
    const none = (name: string) => ({ name, publishedAt: null });
    expect((await tags('PUBLISHED_AT_DESC')).data.containerRepository).toEqual({
      lastPublishedAt: null,
      tags: { nodes: [none('c'), none('b'), none('a')] },
    });
    gitlab.graphql.set({ registry: 'refusing' });
    const refused = await tags('PUBLISHED_AT_DESC');
    expect(refused.data.containerRepository).toEqual({ lastPublishedAt: null, tags: null });
    expect(refused.errors).toHaveLength(1);
    expect((await tags('NAME_ASC')).data.containerRepository.tags.nodes).toEqual([none('a'), none('b'), none('c')]);
  });
});
