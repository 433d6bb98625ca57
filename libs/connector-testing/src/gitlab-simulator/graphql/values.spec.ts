import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { startAcme, type Acme } from '../testing/acme.js';
import { ask } from '../testing/ask.js';
import { askGraphQl } from './testing/ask-graphql.js';
import { idleQuery, pipelineQuery, tagQuery } from './testing/queries.js';

/** GraphQL tells the same world as REST, in other words. */
describe('values of pipelines, releases and images in GraphQL', () => {
  let acme: Acme;
  beforeEach(async () => {
    acme = await startAcme({ externalUrl: 'https://gl.example/git' });
  });
  afterEach(async () => {
    await acme.gitlab.stop();
  });
  const graphql = async (query: string, variables: Record<string, unknown> = {}) => {
    const { body } = await askGraphQl(acme.gitlab, acme.token, query, { path: 'acme/web', n: 10, ...variables });
    expect(body.errors).toBeUndefined();
    return body.data;
  };
  const rest = async (path: string) => (await ask(acme.gitlab, acme.token, path)).json();
  const seconds = (time: unknown): unknown => (typeof time === 'string' ? time.replace(/\.\d{3}Z$/, 'Z') : time);

  it('of a pipeline and of the latest runs of its failed jobs', async () => {
    const { gitlab, project, nora, pass } = acme;
    const { pipelines } = gitlab.world;
    const pipeline = pipelines.create(project, { user: nora, name: 'nightly', source: 'schedule' });
    pass(5_000);
    pipelines.start(pipeline);
    pass(90_700);
    pipelines.finish(pipeline, {
      coverage: 84.5,
      jobs: { unit: 'failed', rollout: { failureReason: 'runner_system_failure' } },
    });
    const detail = (await ask(gitlab, acme.token, '/projects/1/pipelines/1')).object();
    const { project: shown } = await graphql(pipelineQuery);
    expect(shown.pipelines.nodes).toEqual([
      {
        id: 'gid://gitlab/Ci::Pipeline/1',
        iid: '1',
        status: 'FAILED',
        source: 'schedule',
        ref: 'main',
        sha: detail['sha'],
        name: 'nightly',
        duration: detail['duration'],
        queuedDuration: detail['queued_duration'],
        coverage: 84.5,
        failureReason: null,
        createdAt: '2026-03-04T05:06:07Z',
        updatedAt: seconds(detail['updated_at']),
        startedAt: seconds(detail['started_at']),
        finishedAt: seconds(detail['finished_at']),
        path: '/acme/web/-/pipelines/1',
        user: { id: `gid://gitlab/User/${nora.id}`, username: 'nora', name: 'Nora' },
        jobs: {
          nodes: [
            {
              id: 'gid://gitlab/Ci::Build/3',
              name: 'rollout',
              status: 'FAILED',
              allowFailure: false,
              failureMessage: 'There has been a runner system failure, please try again',
              duration: 90,
              webPath: '/acme/web/-/jobs/3',
              stage: { name: 'deploy' },
            },
            expect.objectContaining({ name: 'unit', failureMessage: null, stage: { name: 'test' } }),
          ],
        },
      },
    ]);
    pipelines.retry(pipeline);
    const again = await graphql(pipelineQuery);
    expect(again.project.pipelines.nodes[0]).toMatchObject({ status: 'RUNNING', jobs: { nodes: [] } });
    const all = await graphql(
      '{ project(fullPath: "acme/web") { pipelines { nodes { totalJobs jobs(retried: true) { nodes { name } } } } } }',
    );
    expect(all.project.pipelines.nodes).toEqual([
      { totalJobs: 5, jobs: { nodes: [{ name: 'rollout' }, { name: 'unit' }] } },
    ]);
  });

  it('of pipelines: filters, bridges among the jobs, a status that is new, an update that never was', async () => {
    const { gitlab, project, nora } = acme;
    const { pipelines } = gitlab.world;
    const parent = pipelines.create(project, { user: nora });
    pipelines.create(project, { parent });
    pipelines.create(project, { ref: 'v1', tag: true, status: 'success' });
    const external = pipelines.create(project, { neverUpdated: true, source: 'external' });
    const found = async (filter: string) => {
      const data = await graphql(`{ project(fullPath: "acme/web") { pipelines(${filter}) { nodes { iid } } } }`);
      return data.project.pipelines.nodes.map(({ iid }: { iid: string }) => iid).join();
    };
    expect(await found('ref: "v1"')).toBe('3');
    expect(await found(`sha: "${parent.sha}"`)).toBe('4,1');
    expect(await found('source: "parent_pipeline"')).toBe('2');
    expect(await found('status: SUCCESS')).toBe('3');
    expect(await found('scope: TAGS')).toBe('3');
    expect(await found('scope: FINISHED')).toBe('3');
    expect(await found('username: "nora"')).toBe('1');
    expect(await found('updatedBefore: "2027-01-01T00:00:00Z"')).toBe('3,1');
    const jobs = await graphql(`
      {
        project(fullPath: "acme/web") {
          pipelines(username: "nora") {
            nodes {
              jobs {
                nodes {
                  id
                  kind
                  webPath
                }
              }
              builds: jobs(jobKind: BUILD) {
                nodes {
                  kind
                }
              }
              bridges: jobs(jobKind: BRIDGE) {
                nodes {
                  kind
                }
              }
            }
          }
        }
      }
    `);
    const [{ jobs: both, builds, bridges }] = jobs.project.pipelines.nodes;
    expect(both.nodes[0]).toMatchObject({ id: expect.stringMatching(/^gid:\/\/gitlab\/Ci::Bridge\//), webPath: null });
    expect([both.nodes.length, builds.nodes.length, bridges.nodes.length]).toEqual([4, 3, 1]);
    // GitLab's schema promises an `updatedAt`; where there is none, the promise breaks the row.
    const { body } = await askGraphQl(
      gitlab,
      acme.token,
      '{ project(fullPath: "acme/web") { pipelines { nodes { iid updatedAt } } } }',
    );
    expect(body.data.project.pipelines.nodes[0]).toBeNull();
    expect(body.errors).toMatchObject([{ path: ['project', 'pipelines', 'nodes', 0, 'updatedAt'] }]);
    pipelines.setStatus(external, 'waiting_for_godot');
    const named = await graphql('{ project(fullPath: "acme/web") { pipelines(first: 1) { nodes { status } } } }');
    expect(named.project.pipelines.nodes).toEqual([{ status: 'WAITING_FOR_GODOT' }]);
  });

  it('of the merge request that a pipeline was made for', async () => {
    const { mergeRequests, pipelines } = acme.gitlab.world;
    const { iid } = mergeRequests.create(acme.project, { sourceBranch: 'sso' });
    const source = 'merge_request_event';
    pipelines.create(acme.project, { ref: `refs/merge-requests/${iid}/head`, source });
    pipelines.create(acme.project, { ref: 'refs/merge-requests/9/head', source });
    const data = await graphql(
      '{ project(fullPath: "acme/web") { pipelines { nodes { mergeRequest { iid sourceBranch } } } } }',
    );
    expect(data.project.pipelines.nodes).toEqual([
      { mergeRequest: null },
      { mergeRequest: { iid: '1', sourceBranch: 'sso' } },
    ]);
  });

  it('of releases, in each order', async () => {
    const { gitlab, project, nora, pass } = acme;
    const { releases } = gitlab.world;
    releases.create(project, {
      tagName: 'v1',
      author: nora,
      links: [{ name: 'app', url: 'https://dl.example/app', linkType: 'package' }],
    });
    pass(60_000);
    releases.create(project, { tagName: 'v2', releasedAt: new Date('2026-01-01T00:00:00Z'), author: null });
    releases.create(project, { tagName: 'v3', releasedAt: new Date('2027-01-01T00:00:00Z') });
    const list = async (sort: string) => {
      const data = await graphql(`{ project(fullPath: "acme/web") { releases${sort} { nodes { tagName } } } }`);
      return data.project.releases.nodes.map(({ tagName }: { tagName: string }) => tagName).join();
    };
    expect(await list('')).toBe('v3,v1,v2');
    expect(await list('(sort: RELEASED_AT_ASC)')).toBe('v2,v1,v3');
    expect(await list('(sort: CREATED_DESC)')).toBe('v3,v2,v1');
    expect(await list('(sort: CREATED_ASC)')).toBe('v1,v2,v3');
    const { project: shown } = await graphql(`
      {
        project(fullPath: "acme/web") {
          releases(sort: CREATED_ASC) {
            nodes {
              id
              tagName
              name
              description
              createdAt
              releasedAt
              upcomingRelease
              author {
                username
              }
              commit {
                sha
              }
              links {
                selfUrl
              }
              assets {
                count
                links {
                  nodes {
                    name
                    url
                    linkType
                  }
                }
              }
              milestones {
                nodes {
                  title
                }
              }
            }
          }
        }
      }
    `);
    const [first, second, third] = shown.releases.nodes;
    const [newest] = (await ask(gitlab, acme.token, '/projects/1/releases')).rows();
    expect(first).toEqual({
      id: 'gid://gitlab/Release/1',
      tagName: 'v1',
      name: 'v1',
      description: 'Notes for v1',
      createdAt: '2026-03-04T05:06:07Z',
      releasedAt: '2026-03-04T05:06:07Z',
      upcomingRelease: false,
      author: { username: 'nora' },
      commit: { sha: project.repository.branches.get('main')?.sha },
      links: { selfUrl: 'https://gl.example/git/acme/web/-/releases/v1' },
      assets: { count: 5, links: { nodes: [{ name: 'app', url: 'https://dl.example/app', linkType: 'PACKAGE' }] } },
      milestones: { nodes: [] },
    });
    expect(second.author).toBeNull();
    expect(newest).toMatchObject({ tag_name: 'v3', upcoming_release: third.upcomingRelease });
  });

  it('of images: digests, and sizes as text', async () => {
    const { gitlab, project, pass } = acme;
    const { registry } = gitlab.world;
    const root = registry.createRepository(project);
    registry.createRepository(project, 'api');
    registry.pushTag(root, 'v1', { totalSize: 5_000_000_000 });
    pass(1_000);
    registry.pushTag(root, 'list', { createdAt: null, totalSize: null });
    const { project: shown } = await graphql(
      '{ project(fullPath: "acme/web") { containerRepositories { nodes { id name path location status tagsCount createdAt updatedAt } } } }',
    );
    expect(shown.containerRepositories.nodes).toMatchObject([
      { id: 'gid://gitlab/ContainerRepository/2', name: 'api', path: 'acme/web/api', tagsCount: 0 },
      { name: '', path: 'acme/web', location: 'registry.gl.example/acme/web', status: null, tagsCount: 2 },
    ]);
    const named = await graphql(
      '{ project(fullPath: "acme/web") { containerRepositories(name: "api") { nodes { name } } } }',
    );
    expect(named.project.containerRepositories.nodes).toEqual([{ name: 'api' }]);
    const { r0 } = await graphql(tagQuery(1), { r0: 'gid://gitlab/ContainerRepository/1' });
    const detail = await rest('/projects/1/registry/repositories/1/tags/v1');
    expect(detail).toMatchObject({ digest: r0.tags.nodes[1].digest, total_size: 5_000_000_000 });
    expect(r0.tags.nodes).toEqual([
      expect.objectContaining({ name: 'list', totalSize: null, createdAt: null, publishedAt: '2026-03-04T05:06:08Z' }),
      expect.objectContaining({
        name: 'v1',
        totalSize: '5000000000',
        createdAt: '2026-03-04T05:06:07Z',
        mediaType: 'application/vnd.oci.image.manifest.v1+json',
      }),
    ]);
    registry.pushTag(root, 'v1');
    const repushed = await graphql(tagQuery(1), { r0: 'gid://gitlab/ContainerRepository/1' });
    expect(repushed.r0.tags.nodes[0]).toMatchObject({ name: 'v1' });
    expect(repushed.r0.tags.nodes[0].digest).not.toBe(r0.tags.nodes[1].digest);
  });

  it('of an idle check, with the head of any branch', async () => {
    const { gitlab, project } = acme;
    const [commit] = gitlab.world.git.push(project, 'develop', [
      { message: 'Fix login\n\nfor good', offsetMinutes: 120 },
    ]);
    const { projects } = await graphql(
      idleQuery(
        'repository { rootRef develop: tree(ref: "develop") { lastCommit { sha title committedDate } } none: tree(ref: "none") { lastCommit { sha } } }',
      ),
      { ids: ['gid://gitlab/Project/1'], since: '2026-03-05T00:00:00Z' },
    );
    expect(projects.nodes).toEqual([
      {
        id: 'gid://gitlab/Project/1',
        mergeRequests: { nodes: [] },
        pipelines: { nodes: [] },
        releases: { nodes: [] },
        repository: {
          rootRef: 'main',
          develop: { lastCommit: { sha: commit?.sha, title: 'Fix login', committedDate: '2026-03-04T05:06:07Z' } },
          none: { lastCommit: null },
        },
      },
    ]);
  });

  it('of the server itself', async () => {
    expect(await graphql('{ metadata { version revision enterprise } }')).toEqual({
      metadata: { ...((await rest('/version')) as object), enterprise: false },
    });
    const { __type: type } = await graphql(
      '{ __type(name: "MergeRequest") { fields(includeDeprecated: true) { name args { name } } } }',
    );
    expect(type.fields).toContainEqual({ name: 'diffStats', args: [{ name: 'path' }] });
    expect(await graphql('{ __type(name: "Epic") { fields { name } } }')).toEqual({ __type: null });
  });
});
