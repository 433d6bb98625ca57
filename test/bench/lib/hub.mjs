// A hub of the built product as its own process, driven through its public API.
import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { startNode } from './child-process.mjs';

/** `databaseUrl` undefined: the embedded database. */
export async function startHub({ databaseUrl, env = {}, nodeArgs = [] } = {}) {
  const token = randomBytes(24).toString('hex');
  const dataDir = await mkdtemp(join(tmpdir(), 'syncline-bench-'));
  const child = await startNode([...nodeArgs, 'apps/hub/dist/main.js'], {
    env: {
      HOST: '127.0.0.1',
      PORT: '0',
      DATA_DIR: dataDir,
      DATABASE_URL: databaseUrl ?? '',
      SYNCLINE_SECRET_KEY: databaseUrl ? randomBytes(32).toString('hex') : '',
      SYNCLINE_ADMIN_TOKEN: token,
      LOG_LEVEL: 'warn',
      ...env,
    },
    ready: /listens on (\S+)[\s\S]*Ready/,
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
      await setTimeout(50);
    }
  }

  return {
    url,
    token,
    pid: child.pid,
    api,
    ended,
    output: child.output,
    /** A connection to a simulator that runs only when asked. */
    async connect(name, gitlab, config = {}) {
      const instance = await api('POST', '/api/instances', {
        name: `${name} instance`,
        kind: 'gitlab',
        baseUrl: gitlab.url,
        credentials: { token: gitlab.token },
      });
      return api('POST', '/api/connections', {
        name,
        connectorId: 'gitlab-events',
        schedule: null,
        config: { instance: instance.id, limit: 1000, ...config },
      });
    },
    async sync(connectionId, body = {}) {
      const { runId } = await api('POST', `/api/connections/${connectionId}/sync`, body);
      return ended(runId);
    },
    async stop() {
      await child.stop();
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}
