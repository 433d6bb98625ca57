import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { GitLabSimulator, seedWorld, smallSize } from '../../connector-testing/src/gitlab-simulator/index.js';
import { collect, httpFor, instanceAt } from '../test/scripted-gitlab.js';
import {
  createGitLabClient,
  createRestReader,
  type GitLabReader,
  gitLabCheck,
  memberProjects,
  type Page,
  type ProjectRecord,
} from './index.js';

/** A whole instance over HTTP, with all its rules, below a path prefix. */
describe('a seeded GitLab', () => {
  let gitLab: GitLabSimulator;
  let reader: GitLabReader;
  let projects: ProjectRecord[];
  const seeded = { ...smallSize, mergeRequests: 230, pipelines: 130, deployments: 4 };

  beforeAll(async () => {
    gitLab = await GitLabSimulator.start({ pathPrefix: '/git' });
    const world = seedWorld(gitLab.world, seeded);
    const instance = instanceAt(gitLab.url, { credentials: { token: world.token.value } });
    const client = createGitLabClient(httpFor(instance), instance);
    reader = createRestReader(client);
    projects = valuesOf(await collect(memberProjects(client)));
    expect((await gitLabCheck(httpFor(instance), instance)).steps.map(({ ok }) => ok)).toEqual([
      true,
      true,
      true,
      true,
      true,
    ]);
  });
  afterAll(() => gitLab.stop());

  function valuesOf<T>(pages: readonly Page<T, unknown>[]): T[] {
    const items = pages.flatMap((page) => page.items);
    for (const item of items) if (!item.ok) throw item.error;
    return items.flatMap((item) => (item.ok ? [item.value] : []));
  }

  it('shows all of its projects', () => {
    expect(projects).toHaveLength(seeded.projects);
  });

  it('shows every object of every stream once read to the end', async () => {
    for (const { id } of projects) {
      const distinct = async <T>(pages: AsyncIterable<Page<T, unknown>>, key: (value: T) => unknown): Promise<number> =>
        new Set(valuesOf(await collect(pages)).map(key)).size;
      expect(await distinct(reader.mergeRequests(id), ({ iid }) => iid)).toBe(seeded.mergeRequests);
      expect(await distinct(reader.pipelines(id), (pipeline) => pipeline.id)).toBeGreaterThanOrEqual(seeded.pipelines);
      expect(await distinct(reader.deployments(id), (deployment) => deployment.id)).toBe(seeded.deployments);
      expect(await distinct(reader.releases(id), ({ tag }) => tag)).toBe(seeded.releases);
      const repositories = valuesOf(await collect(reader.registryRepositories(id)));
      expect(repositories).toHaveLength(seeded.repositories);
      for (const repository of repositories) {
        const tags = valuesOf(await collect(reader.registryTags(id, repository.id)));
        expect(tags).toHaveLength(seeded.tags);
        expect(await reader.registryTagDetail(id, repository.id, tags[0]?.name ?? '')).toMatchObject({
          digest: expect.stringContaining('sha256:'),
        });
      }
    }
  });

  it('shows branches and their commits with numbers', async () => {
    const [project] = projects;
    if (project === undefined) throw new Error('There are no projects.');
    const heads = await reader.branchHeads(project.id, [project.defaultBranch ?? '', 'no-such-branch']);
    expect(heads.map(({ name }) => name)).toEqual([project.defaultBranch]);
    const head = heads[0]?.sha ?? '';
    const commits = valuesOf(await collect(reader.commits(project.id, { branch: project.defaultBranch ?? '', head })));
    expect(commits[0]).toMatchObject({ sha: head, stats: { total: expect.any(Number) } });
  });

  it('shows details of merge requests and the failed jobs of pipelines', async () => {
    const id = projects[0]?.id ?? 0;
    expect(await reader.mergeRequestDetails(id, 1)).toMatchObject({ changedFilesTruncated: false });
    const failed = valuesOf(await collect(reader.pipelines(id))).find(({ status }) => status === 'failed');
    const details = await reader.pipelineDetails(id, failed?.id ?? 0);
    expect(details.failedJobs.length).toBeGreaterThan(0);
    for (const job of details.failedJobs) expect(job.status).toBe('failed');
  });

  it('costs one request a stream when nothing has changed', async () => {
    const id = projects[0]?.id ?? 0;
    const cursor = (await collect(reader.mergeRequests(id))).at(-1)?.cursor;
    const before = gitLab.requests.all.length;
    await collect(reader.mergeRequests(id, cursor));
    expect(gitLab.requests.all.length - before).toBe(1);
  });

  it('is asked for nothing that GitLab does not have', () => {
    expect(gitLab.requests.unexpected).toEqual([]);
  });
});
