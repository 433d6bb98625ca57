import { describe, expect, it } from '@jest/globals';
import type { HttpResponse } from '@syncline/connector-sdk';
import { judge } from './answer.js';
import { GraphQlFailure } from './failure.js';

function response(status: number, body: unknown, headers: Record<string, string> = {}): HttpResponse {
  return { status, headers, body, url: 'https://gl.example/api/graphql' };
}

function kindOf(status: number, body: unknown): string {
  try {
    judge(response(status, body));
  } catch (error) {
    if (error instanceof GraphQlFailure) return error.kind;
    throw error;
  }
  return 'read';
}

const errors = (message: string, more: object = {}): object => ({ errors: [{ message, ...more }] });

describe('an answer counts as read', () => {
  it('with 200, data and no error', () => {
    const body = { data: { queryComplexity: { score: 81, limit: 250 }, projects: null } };
    expect(judge(response(200, body, { date: 'Mon, 02 Mar 2026 08:00:00 GMT' }))).toEqual({
      data: body.data,
      serverDate: new Date('2026-03-02T08:00:00.000Z'),
      complexity: { score: 81, limit: 250 },
    });
    expect(judge(response(200, { data: {}, errors: [] })).serverDate).toBeUndefined();
  });

  it('not with an error beside the data, even about one field of one object', () => {
    const failed = {
      data: { projects: { nodes: [null] } },
      errors: [{ message: 'boom', path: ['projects', 'nodes', 0] }],
    };
    expect(kindOf(200, failed)).toBe('spoiled');
  });
});

describe('an answer of no use says what to do', () => {
  it.each([
    ['absent', 404, '<!doctype html><title>404</title>'],
    ['absent', 405, { message: '405 Not Allowed' }],
    ['absent', 200, '<html><body>Sign in</body></html>'],
    ['down', 200, 'Retry later'],
    ['absent', 200, {}],
    ['absent', 200, { data: null }],
    ['absent', 302, ''],
    ['absent', 401, errors('Invalid token')],
    ['absent', 403, errors('API not accessible for user')],
    ['lacking', 200, errors("Field 'x' doesn't exist on type 'Y'", { extensions: { code: 'undefinedField' } })],
    ['lacking', 200, errors('in words of tomorrow', { extensions: { code: 'argumentNotAccepted' } })],
    ['lacking', 200, errors("Field 'pipelines' doesn't accept argument 'updatedAfter'")],
    ['lacking', 200, errors('something about the query')],
    ['lacking', 422, errors('Query too large')],
    ['complex', 200, errors('Query has complexity of 319, which exceeds max complexity of 250')],
    ['complex', 200, errors('Query has depth of 22, which exceeds max depth of 20')],
    [
      'heavy',
      200,
      { data: { projects: null }, ...errors('Timeout on MergeRequest.diffStats', { path: ['projects'] }) },
    ],
    ['heavy', 503, errors('Request timed out. Please try a less complex query or a smaller set of records.')],
    ['heavy', 504, '<html>504</html>'],
    ['cursor', 200, { data: {}, ...errors('Please provide a valid cursor', { path: ['projects'] }) }],
    ['down', 500, errors('Internal server error')],
    ['down', 502, '<html>502</html>'],
    ['down', 503, errors('Upstream Gitaly has been exhausted. Try again later')],
  ])('%s: %i %j', (kind, status, body) => {
    expect(kindOf(status, body)).toBe(kind);
  });
});
