import { describe, expect, it } from '@jest/globals';
import type { AzureDevOpsConfig } from './config.js';
import { webhook } from './webhook.js';

const instance = {
  id: 'i',
  kind: 'gitlab',
  name: 'i',
  baseUrl: 'https://git.example',
  credentials: { token: 'glpat-secret' },
};
const config: AzureDevOpsConfig = {
  gitlab: { instance, project: 'acme/web' },
  azure: { instance, project: 'p', repository: 'r' },
};
const project = { id: 7, path_with_namespace: 'acme/web' };

function wakesOf(body: object, more: Partial<AzureDevOpsConfig> = {}) {
  const rawBody = new TextEncoder().encode(JSON.stringify({ project, ...body }));
  const { wakes, reason } = webhook.identify({ headers: {}, rawBody }, { ...config, ...more });
  return wakes.length > 0 ? wakes.map(({ scope, item }) => `${scope} ${item}`) : reason;
}

describe('the webhook', () => {
  it.each([
    ['a push', { object_kind: 'push', ref: 'refs/heads/main' }, '7 refs/heads/main'],
    ['a deleted branch', { object_kind: 'push', ref: 'refs/heads/x', after: '0'.repeat(40) }, '7 refs/heads/x'],
    ['a tag', { object_kind: 'tag_push', ref: 'refs/tags/v1' }, '7 refs/tags/v1'],
    [
      'a merge',
      { object_kind: 'merge_request', object_attributes: { action: 'merge', target_branch: 'main' } },
      '7 refs/heads/main',
    ],
  ])('wakes the ref that %s names', (_what, body, expected) => {
    expect(wakesOf(body)).toEqual([expected]);
  });

  it.each([
    [
      'a merge request that is only open',
      { object_kind: 'merge_request', object_attributes: { action: 'open' } },
      /Nothing was merged/,
    ],
    ['a ref of the server', { object_kind: 'push', ref: 'refs/merge-requests/1/head' }, /does not carry/],
    ['an issue', { object_kind: 'issue' }, /Nothing is carried/],
    ['nothing', {}, /no kind/],
  ])('ignores %s, and says why', (_what, body, reason) => {
    expect(wakesOf(body)).toMatch(reason);
  });

  it('knows the project by its id, whatever it is called by now', () => {
    const push = { object_kind: 'push', ref: 'refs/heads/main' };
    const renamed = { ...push, project: { id: 7, path_with_namespace: 'shop/website' } };
    const byId = { gitlab: { instance, project: '7' } };
    expect(wakesOf(renamed)).toEqual(['7 refs/heads/main']);
    expect(wakesOf(renamed, byId)).toEqual(['7 refs/heads/main']);
    // By a path nobody can tell without asking: the run that it wakes looks at the id.
    const other = { ...push, project: { id: 8, path_with_namespace: 'acme/web' } };
    expect(wakesOf(other, byId)).toMatch(/another project/);
    expect(wakesOf({ ...push, project: {} })).toMatch(/names no project/);
  });

  it('keeps to the patterns and settings', () => {
    expect(wakesOf({ object_kind: 'push', ref: 'refs/heads/wip' }, { branches: ['main'] })).toMatch(/does not carry/);
    const merge = { object_kind: 'merge_request', object_attributes: { action: 'merge', target_branch: 'main' } };
    expect(wakesOf(merge, { onMergeRequest: false })).toMatch(/does not react/);
    expect(wakesOf({ object_kind: 'push', ref: 'refs/heads/main' }, { gitlab: { instance, project: 7 } })).toEqual([
      '7 refs/heads/main',
    ]);
  });

  it('keeps names and shas of a delivery, and neither messages nor addresses', () => {
    const body = {
      object_kind: 'push',
      ref: 'refs/heads/main',
      project,
      user_email: 'nora@example.com',
      commits: [{ message: 'glpat-x' }],
    };
    const rawBody = new TextEncoder().encode(JSON.stringify(body));
    const { payload } = webhook.identify({ headers: {}, rawBody }, config);
    expect(payload).toEqual({ object_kind: 'push', ref: 'refs/heads/main', project, object_attributes: {} });
  });
});
