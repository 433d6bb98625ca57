import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DataSource } from 'typeorm';
import { createHub } from '../../hub.js';
import { createTestTarget } from '../../testing/test-database.js';

export interface Answer {
  readonly status: number;
  // eslint reads it as unknown; expectations are the parser.
  readonly body: any;
}

export interface HttpHub {
  readonly url: string;
  readonly token: string;
  readonly database: DataSource;
  get(path: string): Promise<Answer>;
  send(method: string, path: string, body?: unknown): Promise<Answer>;
  close(): Promise<void>;
}

/** A hub that listens on a port of its own, with a database of its own. */
export async function openHub(): Promise<HttpHub> {
  const { target, remove } = await createTestTarget();
  const dataDir = await mkdtemp(join(tmpdir(), 'syncline-hub-'));
  const token = 't'.repeat(40);
  const hub = await createHub({
    port: 0,
    database: target,
    dataDir,
    adminToken: token,
    secretKey: Buffer.alloc(32, 7),
    logLevel: 'silent',
    connectorDirs: [],
  });
  const send = async (method: string, path: string, body?: unknown): Promise<Answer> => {
    const response = await fetch(hub.url + path, {
      method,
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    return { status: response.status, body: text === '' ? undefined : JSON.parse(text) };
  };
  return {
    url: hub.url,
    token,
    database: hub.app.get(DataSource),
    get: (path) => send('GET', path),
    send,
    async close() {
      await hub.close();
      await remove();
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}
