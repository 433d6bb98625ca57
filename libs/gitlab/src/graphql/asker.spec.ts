import { describe, expect, it } from '@jest/globals';
import { ConnectorError, type HttpRequest, type HttpResponse } from '@syncline/connector-sdk';
import { createGitLabClient } from '../client.js';
import { Asker } from './asker.js';
import { GraphQlFailure } from './failure.js';

const query = { operationName: 'Q', text: 'query Q($id: ID!) { x }', variables: { id: 'gid://gitlab/Project/7' } };
const fine: HttpResponse = { status: 200, headers: {}, body: { data: {} }, url: '' };
const scored = (score: number): HttpResponse => ({
  ...fine,
  body: { data: { queryComplexity: { score, limit: 250 } } },
});
const ill: HttpResponse = { status: 502, headers: {}, body: '<html>', url: '' };

type Step = HttpResponse | ConnectorError;

/** Asks by a client whose answers come after so many seconds each. */
async function ask(
  steps: readonly (readonly [Step, number])[],
): Promise<{ readonly sent: HttpRequest[]; readonly outcome: string }> {
  let ms = 0;
  const sent: HttpRequest[] = [];
  const http = {
    request: (request: HttpRequest): Promise<HttpResponse> => {
      const [answer, seconds] = steps[sent.length] ?? [fine, 0];
      sent.push(request);
      ms += seconds * 1000;
      return answer instanceof ConnectorError ? Promise.reject(answer) : Promise.resolve(answer);
    },
  };
  const client = createGitLabClient(http, { baseUrl: 'https://gl.example', credentials: { token: 'secret' } });
  try {
    const { slow } = await new Asker(client, () => new Date(ms)).ask(query);
    return { sent, outcome: slow ? 'slow' : 'fine' };
  } catch (error) {
    if (error instanceof GraphQlFailure) return { sent, outcome: error.kind };
    return { sent, outcome: ConnectorError.from(error).kind };
  }
}

describe('a query', () => {
  it('is a request that only reads, with its variables apart and its token in the credentials alone', async () => {
    const { sent } = await ask([]);
    expect(sent).toEqual([
      {
        method: 'POST',
        path: '/api/graphql',
        auth: { 'PRIVATE-TOKEN': 'secret' },
        body: { operationName: 'Q', query: query.text, variables: query.variables },
        repeatable: false,
        readsOnly: true,
      },
    ]);
  });

  it('is sent again, with all patience, where an answer was lost quickly', async () => {
    const lost = new ConnectorError('transient', 'the connection was cut');
    for (const first of [ill, lost]) {
      const { sent, outcome } = await ask([[first, 1]]);
      expect([outcome, sent.map(({ repeatable }) => repeatable)]).toEqual(['fine', [false, true]]);
    }
  });

  it.each([
    ['heavy', [[ill, 6]], 1],
    ['heavy', [[new ConnectorError('transient', 'no answer within 20 s'), 20]], 1],
    ['heavy', [[new ConnectorError('permanent', 'larger than 50 MB'), 1]], 1],
    ['slow', [[fine, 6]], 1],
    ['slow', [[scored(231), 1]], 1],
    ['fine', [[scored(230), 1]], 1],
    [
      'down',
      [
        [ill, 1],
        [ill, 1],
      ],
      2,
    ],
    ['absent', [[{ ...fine, status: 404 }, 1]], 1],
    ['rate_limit', [[new ConnectorError('rate_limit', 'wait'), 1]], 1],
    ['interrupted', [[new ConnectorError('interrupted', 'stopped'), 1]], 1],
  ] as const)('ends as %s', async (expected, steps, requests) => {
    const { sent, outcome } = await ask(steps);
    expect([outcome, sent.length]).toEqual([expected, requests]);
  });
});
