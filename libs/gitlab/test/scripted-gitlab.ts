import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Instance, SessionLog } from '@syncline/connector-sdk';
import { Budget, createHttpClient } from '@syncline/remote-http';
import { createGitLabClient } from '../src/index.js';

export const TOKEN = 'glpat-test-token-123456';
/** The server's clock stands still, so that marks can be compared. */
export const SERVER_DATE = 'Thu, 01 Jan 2026 12:00:00 GMT';

export interface Asked {
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: NodeJS.Dict<string | string[]>;
  readonly body: string;
}

export interface Answer {
  readonly status?: number;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

export interface ScriptedGitLab {
  readonly baseUrl: string;
  readonly asked: Asked[];
  close(): Promise<void>;
}

/** A server below `/gitlab` that answers as the script says; what the script does not know fails with 404 and is recorded. */
export async function startScriptedGitLab(script: (asked: Asked) => Answer | undefined): Promise<ScriptedGitLab> {
  const asked: Asked[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const url = new URL(request.url ?? '/', 'http://localhost');
      const { method = '', headers } = request;
      const one = {
        method,
        path: url.pathname,
        query: url.searchParams,
        headers,
        body: Buffer.concat(chunks).toString(),
      };
      asked.push(one);
      send(response, script(one) ?? { status: 404, body: { error: '404 Not Found' } });
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    baseUrl: `http://127.0.0.1:${port}/gitlab`,
    asked,
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function send(response: ServerResponse, { status = 200, body, headers = {} }: Answer): void {
  const isText = typeof body === 'string';
  response.writeHead(status, {
    date: SERVER_DATE,
    'content-type': isText ? 'text/html' : 'application/json',
    ...headers,
  });
  response.end(isText ? body : JSON.stringify(body));
}

/** A page of rows with the headers of GitLab's offset pagination. */
export function pageOf(rows: readonly unknown[], { query }: Asked): Answer {
  const page = Number(query.get('page') ?? 1);
  const perPage = Number(query.get('per_page') ?? 20);
  const hasNext = rows.length > page * perPage;
  const headers = { 'x-page': String(page), 'x-next-page': hasNext ? String(page + 1) : '' };
  return { body: rows.slice((page - 1) * perPage, page * perPage), headers };
}

export function instanceAt(baseUrl: string, more: Partial<Instance> = {}): Instance {
  return { id: 'i1', kind: 'gitlab', name: 'Test', baseUrl, credentials: { token: TOKEN }, ...more };
}

export function httpFor(instance: Instance) {
  const sleep = (): Promise<void> => Promise.resolve();
  const say = (): void => undefined;
  const log: SessionLog = { debug: say, info: say, warn: say, error: say };
  const budget = new Budget('test', { sleep });
  return createHttpClient({ instance, budget, log, signal: new AbortController().signal, sleep });
}

export function clientFor(baseUrl: string) {
  const instance = instanceAt(baseUrl);
  return createGitLabClient(httpFor(instance), instance);
}

export async function collect<T>(pages: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const page of pages) all.push(page);
  return all;
}

export function mergeRequest(iid: number, updatedAt: string, more: object = {}) {
  return {
    ...{ id: 1000 + iid, iid, project_id: 7, title: `MR ${iid}`, description: null, state: 'opened' },
    ...{ created_at: '2026-01-01T00:00:00.000Z', updated_at: updatedAt, source_branch: 'a', target_branch: 'main' },
    ...{ web_url: `https://gl.example/acme/web/-/merge_requests/${iid}`, ...more },
  };
}
