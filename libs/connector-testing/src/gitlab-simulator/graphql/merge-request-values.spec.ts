import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { startAcme, type Acme } from '../testing/acme.js';
import { ask } from '../testing/ask.js';
import { askGraphQl } from './testing/ask-graphql.js';
import { mergeRequestQuery } from './testing/queries.js';

/** GraphQL tells the same world as REST, in other words. */
describe('values of merge requests in GraphQL', () => {
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
  const seconds = (time: unknown): unknown => (typeof time === 'string' ? time.replace(/\.\d{3}Z$/, 'Z') : time);

  it('of a merge request: who, when in whole seconds, and which files', async () => {
    const { gitlab, project, nora, pass } = acme;
    const { world } = gitlab;
    const finn = world.users.create({ username: 'finn', name: 'Finn' });
    const milestone = world.mergeRequests.createMilestone(project, { title: 'Spring' });
    const mergeRequest = world.mergeRequests.create(project, {
      title: 'SSO',
      description: 'for **all**',
      author: nora,
      assignees: [nora],
      reviewers: [finn],
      labels: ['bug', 'auth'],
      milestone,
      changedFiles: ['a.ts', 'b.ts', 'c.ts'],
    });
    world.pipelines.create(project, { sha: mergeRequest.sha, ref: mergeRequest.sourceBranch });
    pass(61_250);
    world.mergeRequests.approve(mergeRequest, { by: finn });
    world.mergeRequests.merge(mergeRequest, { by: nora });
    const listed = (await ask(gitlab, acme.token, '/projects/1/merge_requests/1')).object();
    const {
      project: { mergeRequests },
    } = await graphql(mergeRequestQuery());
    const person = (username: string, id: number) => ({ id: `gid://gitlab/User/${id}`, username });
    expect(mergeRequests.nodes).toEqual([
      {
        id: 'gid://gitlab/MergeRequest/1',
        iid: '1',
        title: 'SSO',
        description: 'for **all**',
        state: 'merged',
        draft: false,
        createdAt: '2026-03-04T05:06:07Z',
        updatedAt: seconds(listed['updated_at']),
        mergedAt: '2026-03-04T05:07:08Z',
        closedAt: null,
        sourceBranch: 'change-1',
        targetBranch: 'main',
        webUrl: 'https://gl.example/git/acme/web/-/merge_requests/1',
        diffHeadSha: listed['sha'],
        mergeCommitSha: listed['merge_commit_sha'],
        author: { ...person('nora', nora.id), name: 'Nora' },
        mergeUser: { ...person('nora', nora.id), name: 'Nora' },
        assignees: { nodes: [person('nora', nora.id)] },
        reviewers: { nodes: [person('finn', finn.id)] },
        approvedBy: { nodes: [{ ...person('finn', finn.id), name: 'Finn' }] },
        labels: { nodes: [{ title: 'auth' }, { title: 'bug' }] },
        milestone: { title: 'Spring' },
        userNotesCount: 0,
        diffStatsSummary: { additions: 3, deletions: 3, fileCount: 3 },
        diffStats: ['a.ts', 'b.ts', 'c.ts'].map((path) => ({ path, additions: 1, deletions: 1 })),
        headPipeline: { id: 'gid://gitlab/Ci::Pipeline/1', status: 'CREATED' },
      },
    ]);
    expect(mergeRequests.nodes[0].mergedAt).toBe(seconds(listed['merged_at']));
    const more = await graphql(
      '{ project(fullPath: "acme/web") { mergeRequests { nodes { detailedMergeStatus conflicts approved commitCount reviewers { nodes { mergeRequestInteraction { approved reviewState } } } } } } }',
    );
    expect(more.project.mergeRequests.nodes).toEqual([
      {
        detailedMergeStatus: 'NOT_OPEN',
        conflicts: false,
        approved: true,
        commitCount: 1,
        reviewers: { nodes: [{ mergeRequestInteraction: { approved: true, reviewState: 'APPROVED' } }] },
      },
    ]);
  });

  it('of a merge request whose author is gone', async () => {
    acme.gitlab.world.mergeRequests.create(acme.project, { author: null });
    const { project } = await graphql(mergeRequestQuery());
    expect(project.mergeRequests.nodes[0]).toMatchObject({ author: null, milestone: null, mergeUser: null });
  });

  it('finds merge requests by every filter, and none by an empty list', async () => {
    const { gitlab, project, nora } = acme;
    const { mergeRequests } = gitlab.world;
    const first = mergeRequests.create(project, { author: nora, labels: ['bug'], sourceBranch: 'sso', draft: true });
    const second = mergeRequests.create(project, { reviewers: [nora], targetBranch: 'main' });
    mergeRequests.approve(first, { by: nora });
    mergeRequests.close(second);
    const found = async (filter: string) => {
      const data = await graphql(`{ project(fullPath: "acme/web") { mergeRequests(${filter}) { nodes { iid } } } }`);
      return data.project.mergeRequests.nodes.map(({ iid }: { iid: string }) => iid).join();
    };
    expect(await found('state: closed')).toBe('2');
    expect(await found('state: all, sort: CREATED_ASC')).toBe('1,2');
    expect(await found('iids: ["2", "9"]')).toBe('2');
    expect(await found('labelName: ["bug"]')).toBe('1');
    expect(await found('approvedBy: ["nora"]')).toBe('1');
    expect(await found('authorUsername: "nora"')).toBe('1');
    expect(await found('reviewerUsername: "nora"')).toBe('2');
    expect(await found('sourceBranches: ["sso"], targetBranches: ["main"]')).toBe('1');
    expect(await found('draft: true')).toBe('1');
    expect(await found('mergedAfter: "2026-01-01T00:00:00Z"')).toBe('');
    expect(await found('iids: []')).toBe('');
  });
});
