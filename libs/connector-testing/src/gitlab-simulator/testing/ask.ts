import type { AccessToken } from '../model/people.js';
import type { GitLabSimulator } from '../simulator.js';

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  /** The parsed body. */
  json(): unknown;
  /** The body as a list of objects. */
  rows(): Record<string, unknown>[];
  /** The body as an object. */
  object(): Record<string, unknown>;
}

/** One request to the simulator with a token, redirects left alone. */
export async function ask(
  gitlab: GitLabSimulator,
  token: AccessToken | undefined,
  path: string,
  init: { method?: string; headers?: Record<string, string>; body?: unknown } = {},
): Promise<Answer> {
  const body = init.body === undefined ? {} : { body: JSON.stringify(init.body) };
  const response = await fetch(`${gitlab.url}/api/v4${path}`, {
    method: init.method ?? 'GET',
    redirect: 'manual',
    headers: {
      ...(token === undefined ? {} : { 'PRIVATE-TOKEN': token.value }),
      ...(init.body === undefined ? {} : { 'Content-Type': 'application/json' }),
      ...init.headers,
    },
    ...body,
  });
  const text = await response.text();
  const json = (): unknown => JSON.parse(text);
  return {
    status: response.status,
    headers: response.headers,
    text,
    json,
    rows: () => {
      const value = json();
      if (!Array.isArray(value)) throw new Error(`not a list: ${text.slice(0, 200)}`);
      return value.map(asObject);
    },
    object: () => asObject(json()),
  };
}

export function asObject(value: unknown): Record<string, unknown> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new Error(`not an object: ${JSON.stringify(value)}`);
  }
  return { ...value };
}

/** The values of one field. */
export function pluck(rows: readonly Record<string, unknown>[], field: string): unknown[] {
  return rows.map((row) => row[field]);
}
