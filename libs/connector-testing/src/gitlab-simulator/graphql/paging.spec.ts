import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { MergeRequest } from '../model/merge-request.js';
import { startAcme, type Acme } from '../testing/acme.js';
import { askGraphQl } from './testing/ask-graphql.js';

interface Walked {
  readonly nodes: readonly Record<string, unknown>[];
  readonly pages: number;
}

describe('pages of GraphQL', () => {
  let acme: Acme;
  beforeEach(async () => {
    acme = await startAcme();
  });
  afterEach(async () => {
    await acme.gitlab.stop();
  });
  const ask = async (query: string, variables: Record<string, unknown> = {}) =>
    (await askGraphQl(acme.gitlab, acme.token, query, variables)).body;
  const inProject = (field: string): string =>
    `query Page($after: String) { project(fullPath: "acme/web") { ${field} } }`;

  /** All pages of a connection of the project; `between` runs after each. */
  const walk = async (field: string, between: () => void = () => undefined): Promise<Walked> => {
    const nodes: Record<string, unknown>[] = [];
    let after: string | null = null;
    let pages = 0;
    do {
      const { data } = await ask(inProject(`c: ${field}`), { after });
      const { nodes: found, pageInfo } = data.project.c;
      nodes.push(...found);
      pages += 1;
      after = pageInfo.hasNextPage === true ? pageInfo.endCursor : null;
      between();
    } while (after !== null);
    return { nodes, pages };
  };
  const mergeRequests = (count: number): MergeRequest[] =>
    Array.from({ length: count }, () => {
      acme.pass(60_000);
      return acme.gitlab.world.mergeRequests.create(acme.project);
    });
  const iids = ({ nodes }: Walked) => nodes.map(({ iid }) => Number(iid));
  const byUpdate =
    'mergeRequests(sort: UPDATED_ASC, first: 3, after: $after) { nodes { iid } pageInfo { hasNextPage endCursor } }';

  it('walks in every order, also where times are the same', async () => {
    const { world } = acme.gitlab;
    mergeRequests(4);
    world.at(new Date('2026-03-04T07:00:00Z'), () => {
      for (let count = 0; count < 4; count += 1) world.mergeRequests.create(acme.project);
    });
    expect(iids(await walk(byUpdate))).toEqual([1, 2, 3, 4, 8, 7, 6, 5]);
    expect(iids(await walk(byUpdate.replace('UPDATED_ASC', 'UPDATED_DESC')))).toEqual([5, 6, 7, 8, 4, 3, 2, 1]);
    expect(iids(await walk(byUpdate.replace('sort: UPDATED_ASC, ', '')))).toEqual([5, 6, 7, 8, 4, 3, 2, 1]);
    const titles = iids(await walk(byUpdate.replace('UPDATED_ASC', 'TITLE_DESC')));
    expect(titles).toEqual([8, 7, 6, 5, 4, 3, 2, 1]);
  });

  it('puts rows without the time of the order last', async () => {
    const [first, second] = mergeRequests(4);
    acme.gitlab.world.mergeRequests.merge(second!);
    acme.gitlab.world.mergeRequests.merge(first!);
    expect(iids(await walk(byUpdate.replace('UPDATED_ASC', 'MERGED_AT_ASC'))).slice(0, 2)).toEqual([2, 1]);
    expect(iids(await walk(byUpdate.replace('UPDATED_ASC', 'MERGED_AT_DESC'))).slice(0, 2)).toEqual([1, 2]);
  });

  it('loses no row that moves during a walk, and holds its place where the row of the cursor is gone', async () => {
    const all = mergeRequests(9);
    const seen = iids(
      await walk(byUpdate, () => {
        acme.pass(1_000);
        const row = all.shift();
        if (row !== undefined && row.iid <= 3) acme.gitlab.world.mergeRequests.label(row, { add: [`seen-${row.iid}`] });
      }),
    );
    expect(new Set(seen)).toEqual(new Set([1, 2, 3, 4, 5, 6, 7, 8, 9]));
    // Those that moved were seen again, at the end.
    expect(seen.slice(9)).toEqual([1, 2, 3]);
    const { data } = await ask(
      inProject('mergeRequests(sort: CREATED_ASC, first: 4, after: $after) { pageInfo { endCursor } }'),
    );
    acme.gitlab.world.mergeRequests.delete(acme.project.mergeRequests.get(4)!);
    const after = data.project.mergeRequests.pageInfo.endCursor;
    const next = await ask(inProject('mergeRequests(sort: CREATED_ASC, first: 2, after: $after) { nodes { iid } }'), {
      after,
    });
    expect(next.data.project.mergeRequests.nodes).toEqual([{ iid: '5' }, { iid: '6' }]);
  });

  it('takes both ends of a time, with fractions and offsets, and tells times in whole seconds', async () => {
    const { world } = acme.gitlab;
    world.at(Date.parse('2026-03-04T08:00:00.250Z'), () => world.mergeRequests.create(acme.project));
    world.at(Date.parse('2026-03-04T08:00:01.750Z'), () => world.mergeRequests.create(acme.project));
    const found = async (filter: string) => {
      const { data } = await ask(
        `{ project(fullPath: "acme/web") { mergeRequests(${filter}) { nodes { iid updatedAt } } } }`,
      );
      return data.project.mergeRequests.nodes.map(({ iid }: { iid: string }) => iid);
    };
    expect(await found('updatedAfter: "2026-03-04T08:00:01.750Z"')).toEqual(['2']);
    expect(await found('updatedAfter: "2026-03-04T08:00:01.751Z"')).toEqual([]);
    expect(await found('updatedBefore: "2026-03-04T09:00:00.250+01:00"')).toEqual(['1']);
    expect(await found('updatedAfter: "2026-03-04", updatedBefore: "2026-03-05"')).toEqual(['2', '1']);
    const { data } = await ask('{ project(fullPath: "acme/web") { mergeRequests { nodes { updatedAt } } } }');
    expect(data.project.mergeRequests.nodes).toEqual([
      { updatedAt: '2026-03-04T08:00:01Z' },
      { updatedAt: '2026-03-04T08:00:00Z' },
    ]);
  });

  it('lists pipelines by descending id only, retried ones at their old place, child pipelines never', async () => {
    const { pipelines } = acme.gitlab.world;
    const rows = Array.from({ length: 5 }, () => {
      acme.pass(60_000);
      return pipelines.create(acme.project);
    });
    pipelines.create(acme.project, { parent: rows[0]! });
    pipelines.finish(rows[1]!, { jobs: { unit: 'failed' } });
    acme.pass(600_000);
    pipelines.retry(rows[1]!);
    const field = (filter: string): string =>
      `pipelines(${filter} first: 2, after: $after) { nodes { iid status } pageInfo { hasNextPage endCursor } }`;
    const all = await walk(field(''));
    expect([iids(all), all.pages]).toEqual([[5, 4, 3, 2, 1], 3]);
    expect((await walk(field('updatedAfter: "2026-03-04T05:15:00Z"'))).nodes).toEqual([
      { iid: '2', status: 'RUNNING' },
    ]);
    const during = await walk(field(''), () => pipelines.create(acme.project));
    expect(iids(during)).toEqual([5, 4, 3, 2, 1]);
  });

  it('shows a hundred rows at most, and twenty tags', async () => {
    const { world } = acme.gitlab;
    for (let count = 0; count < 105; count += 1) world.pipelines.create(acme.project, { jobs: [] });
    const repository = world.registry.createRepository(acme.project, 'api');
    for (let count = 0; count < 25; count += 1)
      world.registry.pushTag(repository, `1.${String(count).padStart(2, '0')}`);
    const { data } = await ask(`{
      project(fullPath: "acme/web") { all: pipelines { count nodes { iid } } more: pipelines(first: 500) { nodes { iid } } }
      containerRepository(id: "gid://gitlab/ContainerRepository/1") { tags(first: 100) { nodes { name } pageInfo { hasNextPage } } }
    }`);
    expect([data.project.all.count, data.project.all.nodes.length, data.project.more.nodes.length]).toEqual([
      105, 100, 100,
    ]);
    expect([data.containerRepository.tags.nodes.length, data.containerRepository.tags.pageInfo.hasNextPage]).toEqual([
      20,
      true,
    ]);
  });

  it('walks backwards, and not both ways at once', async () => {
    mergeRequests(5);
    const page = (args: string) =>
      ask(
        inProject(
          `mergeRequests(sort: CREATED_ASC, ${args}) { edges { cursor node { iid } } pageInfo { hasPreviousPage startCursor } }`,
        ).replace('($after: String)', ''),
      );
    const { data } = await page('last: 2');
    const { edges, pageInfo } = data.project.mergeRequests;
    expect(edges.map(({ node }: { node: { iid: string } }) => node.iid)).toEqual(['4', '5']);
    expect(pageInfo).toEqual({ hasPreviousPage: true, startCursor: edges[0].cursor });
    const before = await page(`last: 2, before: "${pageInfo.startCursor}"`);
    expect(before.data.project.mergeRequests.edges).toMatchObject([{ node: { iid: '2' } }, { node: { iid: '3' } }]);
    expect((await page('first: 1, last: 1')).errors[0].message).toBe(
      'Can only provide either `first` or `last`, not both',
    );
  });

  it('refuses a cursor that is none, or one of another order, beside what else was asked', async () => {
    mergeRequests(3);
    const query = inProject('id mergeRequests(sort: UPDATED_ASC, after: $after) { nodes { iid } }');
    const other = await ask(
      inProject('mergeRequests(sort: TITLE_ASC, first: 1, after: $after) { pageInfo { endCursor } }'),
    );
    for (const after of ['nonsense', 'e30', other.data.project.mergeRequests.pageInfo.endCursor]) {
      const { data, errors } = await ask(query, { after });
      expect(data).toEqual({ project: { id: 'gid://gitlab/Project/1', mergeRequests: { nodes: null } } });
      expect(errors).toMatchObject([
        { message: 'Please provide a valid cursor', path: ['project', 'mergeRequests', 'nodes'] },
      ]);
    }
  });

  it('shows the first page again where a fault makes it ignore cursors', async () => {
    mergeRequests(4);
    const { data } = await ask(
      inProject('mergeRequests(first: 2, after: $after) { nodes { iid } pageInfo { endCursor } }'),
    );
    const { nodes, pageInfo } = data.project.mergeRequests;
    acme.gitlab.faults.add({ kind: 'repeated_page' });
    const again = await ask(inProject('mergeRequests(first: 2, after: $after) { nodes { iid } }'), {
      after: pageInfo.endCursor,
    });
    expect(again.data.project.mergeRequests.nodes).toEqual(nodes);
  });
});
