import { describe, expect, it } from '@jest/globals';
import { describeEndpoint, isContainerEndpoint } from './endpoint-names.js';
import { errorText } from './error-text.js';
import { statusError } from './status-errors.js';

const answer = (status: number, body: unknown, headers: Record<string, string> = {}) => ({
  status,
  body,
  headers,
  url: 'https://gl.example/x',
});
const what = 'the merge requests of project 7';

describe('error bodies', () => {
  it.each([
    [{ error: 'title is missing' }, 'title is missing'],
    [{ error: 'invalid_token', error_description: 'Token was revoked.' }, 'Token was revoked.'],
    [{ message: '404 Project Not Found' }, '404 Project Not Found'],
    [{ message: { title: ['is too long', 'is blank'], base: ['no'] } }, 'title is too long, is blank; no'],
    [{ message: { error: 'requested too many times' } }, 'requested too many times'],
    ['Retry later\n', 'Retry later'],
    ['{"message":"404 Not found"}', '404 Not found'],
    ['{ not JSON', '{ not JSON'],
    ['<!DOCTYPE html><html></html>', undefined],
    [null, undefined],
    [[], undefined],
  ])('%j say %j', (body, text) => {
    expect(errorText(body)).toBe(text);
  });

  it('are shortened', () => {
    expect(errorText({ message: 'x'.repeat(5_000) })).toHaveLength(301);
  });
});

describe('statuses', () => {
  it.each([
    [400, { error: 'order_by does not have a valid value' }, 'permanent', 'order_by does not have a valid value'],
    [401, { message: '401 Unauthorized' }, 'auth', 'does not accept the access token'],
    [401, { error: 'invalid_token', error_description: 'Token is expired.' }, 'auth', 'has expired'],
    [401, { error: 'invalid_token', error_description: 'Token was revoked.' }, 'auth', 'was revoked'],
    [403, { message: '403 Forbidden' }, 'permanent', 'denies access to the merge requests of project 7'],
    [404, { message: '404 Not found' }, 'permanent', 'does not know the merge requests of project 7'],
    [405, { error: '405 Not Allowed' }, 'permanent', 'does not allow'],
    [409, { message: '409 Conflict: Resource lock' }, 'transient', 'is busy'],
    [409, { message: 'Label already exists' }, 'permanent', 'Label already exists'],
    [413, { message: '413 Request Entity Too Large' }, 'permanent', 'too large'],
    [414, 'URI too long', 'permanent', 'too long'],
    [422, { message: '422 Unprocessable Entity' }, 'permanent', 'refused'],
    [429, 'Retry later\n', 'rate_limit', 'no more requests'],
    [500, { message: '500 Internal Server Error' }, 'transient', 'could not answer'],
    [502, '<html>bad gateway</html>', 'transient', '(502)'],
    [418, {}, 'permanent', 'refused'],
  ])('%i with %j is %s', (status, body, kind, sentence) => {
    expect(statusError(answer(status, body), { what })).toMatchObject({
      kind,
      status,
      message: expect.stringContaining(sentence),
    });
  });

  it('are said once, where GitLab says them too', () => {
    const { message } = statusError(answer(422, { message: '422 Unprocessable Entity' }), { what }) ?? {};
    expect(message).toBe('GitLab refused the request for the merge requests of project 7 (422 Unprocessable Entity).');
  });

  it('name the scope that is missing', () => {
    const body = {
      error: 'insufficient_scope',
      error_description: 'The request requires higher privileges',
      scope: 'api read_api',
    };
    const error = statusError(answer(403, body), { what });
    expect(error).toMatchObject({ kind: 'auth', hint: 'Create a token with one of these scopes: api, read_api.' });
  });

  it('tell the owner of a deploy token that it cannot use the API', () => {
    const error = statusError(answer(401, { message: '401 Unauthorized' }), { what, token: 'gldt-secret123' });
    expect(error).toMatchObject({ kind: 'auth', message: expect.stringContaining('deploy token') });
    expect(`${error?.message}${error?.hint}`).not.toContain('secret123');
  });

  it('of a missing project concern the configuration', () => {
    expect(statusError(answer(404, {}), { what: 'project a/b', isContainer: true })).toMatchObject({ kind: 'config' });
  });

  it.each([200, 404, 403])('with HTML and %i come from something that is not GitLab', (status) => {
    const error = statusError(answer(status, ' <!doctype html><html>Sign in</html>'), { what });
    expect(error).toMatchObject({
      kind: 'config',
      message: expect.stringContaining('not a GitLab API'),
      hint: expect.stringContaining('base URL'),
    });
  });

  it('with a redirect name the place, but not its query', () => {
    const error = statusError(answer(302, '', { location: 'https://sso.example/login?ticket=hush' }), { what });
    expect(error).toMatchObject({ kind: 'config', message: expect.stringContaining('https://sso.example.') });
  });

  it.each([200, 201, 202, 204, 304])('%i are no error', (status) => {
    expect(statusError(answer(status, status === 204 ? null : {}), { what })).toBeUndefined();
  });
});

describe('endpoints', () => {
  it.each([
    ['projects/7/merge_requests', 'the merge requests of project 7'],
    ['projects/a%2Fb', 'project a/b'],
    ['projects/7/merge_requests/3/approvals', 'the approvals of merge request 3 of project 7'],
    ['projects/7/pipelines/5', 'pipeline 5 of project 7'],
    ['projects/7/registry/repositories', 'the registry repositories of project 7'],
    ['groups/acme/projects', 'the projects of group acme'],
    ['projects', 'the projects'],
    ['20/uploads', 'the files of project 20'],
    ['user', "the token's user"],
    ['projects/7/%E0%A4%A', '%E0%A4%A of project 7'],
  ])('%s is %s', (endpoint, words) => {
    expect(describeEndpoint(endpoint)).toBe(words);
  });

  it('are containers where they name a project or group itself', () => {
    expect(['projects/7', 'groups/a%2Fb', 'projects/7/issues', 'projects', 'user'].map(isContainerEndpoint)).toEqual([
      true,
      true,
      false,
      false,
      false,
    ]);
  });
});
