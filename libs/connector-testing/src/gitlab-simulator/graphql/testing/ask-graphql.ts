import type { AccessToken } from '../../model/people.js';
import type { GitLabSimulator } from '../../simulator.js';

export interface GraphQlAnswer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  /** The parsed body, to be looked at by expectations. */
  // eslint's rules for test code allow looking into answers.
  readonly body: ReturnType<typeof JSON.parse>;
}

/** One GraphQL request with a token. */
export async function askGraphQl(
  gitlab: GitLabSimulator,
  token: AccessToken | undefined,
  query: string,
  variables: Readonly<Record<string, unknown>> = {},
  more: Readonly<Record<string, unknown>> = {},
): Promise<GraphQlAnswer> {
  return postGraphQl(gitlab, token, JSON.stringify({ query, variables, ...more }));
}

/** One POST to the endpoint with any body. */
export async function postGraphQl(
  gitlab: GitLabSimulator,
  token: AccessToken | undefined,
  body: string,
): Promise<GraphQlAnswer> {
  const response = await fetch(`${gitlab.url}/api/graphql`, {
    method: 'POST',
    headers: {
      'Content-Type': 'application/json',
      ...(token === undefined ? {} : { Authorization: `Bearer ${token.value}` }),
    },
    body,
  });
  const text = await response.text();
  const json = response.headers.get('content-type')?.startsWith('application/json') === true;
  return { status: response.status, headers: response.headers, text, body: json ? JSON.parse(text) : undefined };
}
