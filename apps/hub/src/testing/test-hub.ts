import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { SettingsValues } from '../config/settings.js';
import { createHub, type RunningHub } from '../hub.js';
import { createTestTarget } from './test-database.js';

/** A parsed answer: looked at by expectations, which are its parser. */
export type Json = ReturnType<JSON['parse']>;

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly body: Json;
}

export interface TestHub {
  readonly hub: RunningHub;
  readonly url: string;
  /** A request with the administrator's token. */
  api(method: string, path: string, body?: unknown, headers?: Record<string, string>): Promise<Answer>;
  close(): Promise<void>;
}

/** A real hub on a free port, with a database of its own. */
export async function startTestHub(overrides: Partial<SettingsValues> = {}): Promise<TestHub> {
  const { target, remove } = await createTestTarget();
  const dataDir = await mkdtemp(join(tmpdir(), 'syncline-hub-'));
  const hub = await createHub({
    port: 0,
    database: target,
    dataDir,
    secretKey: randomBytes(32),
    adminToken: randomBytes(32).toString('hex'),
    logLevel: 'silent',
    connectorDirs: [],
    ...overrides,
  });
  return {
    hub,
    url: hub.url,
    api: (method, path, body, headers) =>
      request(hub.url + path, method, body, { authorization: `Bearer ${hub.adminToken}`, ...headers }),
    async close() {
      await hub.close();
      await remove();
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}

/** Any request; a JSON answer is parsed. */
export async function request(
  url: string,
  method = 'GET',
  body?: unknown,
  headers: Record<string, string> = {},
): Promise<Answer> {
  const response = await fetch(url, {
    method,
    redirect: 'manual',
    headers: { ...(body === undefined ? {} : { 'content-type': 'application/json' }), ...headers },
    body: body === undefined ? undefined : typeof body === 'string' ? body : JSON.stringify(body),
  });
  const text = await response.text();
  const isJson = /json/.test(response.headers.get('content-type') ?? '');
  return { status: response.status, headers: response.headers, body: isJson && text !== '' ? JSON.parse(text) : text };
}
