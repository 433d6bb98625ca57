// A hub of the built product as its own process, driven through its public API.
import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { startNode } from './child-process.mjs';

/** All hubs of one run share a key, as hubs on one database must. */
const SECRET_KEY = randomBytes(32).toString('hex');
const newToken = () => randomBytes(24).toString('hex');

/** `databaseUrl` undefined: the embedded database. A folder that is given stays when the hub ends. */
export async function startHub({
  databaseUrl,
  dataDir,
  token = newToken(),
  env = {},
  nodeArgs = [],
  waitForDatabase = true,
  startTimeoutMs,
} = {}) {
  const folder = dataDir ?? (await mkdtemp(join(tmpdir(), 'syncline-hub-')));
  const child = await startNode([...nodeArgs, 'apps/hub/dist/main.js'], {
    env: {
      HOST: '127.0.0.1',
      PORT: '0',
      DATA_DIR: folder,
      DATABASE_URL: databaseUrl ?? '',
      SYNCLINE_SECRET_KEY: databaseUrl ? SECRET_KEY : '',
      SYNCLINE_ADMIN_TOKEN: token,
      LOG_LEVEL: 'warn',
      ...env,
    },
    ready: waitForDatabase ? /listens on (\S+)[\s\S]*Ready/ : /listens on (\S+)/,
    timeoutMs: startTimeoutMs,
  });
  const url = child.match[1];

  async function api(method, path, body) {
    const response = await fetch(`${url}${path}`, {
      method,
      headers: { authorization: `Bearer ${token}`, ...(body ? { 'content-type': 'application/json' } : {}) },
      body: body && JSON.stringify(body),
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${text}`);
    return text ? JSON.parse(text) : undefined;
  }

  /** Waits for a run's end and answers it. */
  async function ended(runId) {
    for (;;) {
      const run = await api('GET', `/api/runs/${runId}`);
      if (run.finishedAt !== null) return run;
      // Seldom enough not to be part of what is measured: a run says itself when it began and ended.
      await setTimeout(200);
    }
  }

  return {
    url,
    token,
    dataDir: folder,
    pid: child.pid,
    signal: child.signal,
    api,
    ended,
    output: child.output,
    instance: (name, gitlab) =>
      api('POST', '/api/instances', {
        name: `${name} instance`,
        kind: 'gitlab',
        baseUrl: gitlab.url,
        credentials: { token: gitlab.token },
      }),
    connection: (name, config, schedule = null) =>
      api('POST', '/api/connections', {
        name,
        connectorId: 'gitlab-events',
        schedule,
        config: { limit: 1000, ...config },
      }),
    /** A connection to a simulator that runs only when asked. */
    async connect(name, gitlab, config = {}, schedule = null) {
      const instance = await this.instance(name, gitlab);
      return this.connection(name, { instance: instance.id, ...config }, schedule);
    },
    async sync(connectionId, body = {}) {
      const { runId } = await api('POST', `/api/connections/${connectionId}/sync`, body);
      return ended(runId);
    },
    async stop(signal) {
      await child.stop(signal);
      if (dataDir === undefined) await rm(folder, { recursive: true, force: true });
    },
  };
}
