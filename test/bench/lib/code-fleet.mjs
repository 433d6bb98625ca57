// Many code-sync connections due at once: one hub that answers, others that work, one PostgreSQL, one folder of caches.
import { randomUUID } from 'node:crypto';
import { request } from 'node:http';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { pg } from '../../../scripts/lib/pg.mjs';
import { startCodeRemotes } from './code-remotes.mjs';
import { createGitProbe } from './git-probe.mjs';
import { startHub } from './hub.mjs';
import { percentile } from './measure.mjs';

const ADMIN = 'an-admin-token-of-forty-characters-length';
const SECRET = 'a-webhook-secret-of-the-code-fleet';

const pushOf = ({ id, path }) =>
  JSON.stringify({
    object_kind: 'push',
    event_name: 'push',
    ref: 'refs/heads/main',
    before: '1'.repeat(40),
    after: '2'.repeat(40),
    project_id: id,
    project: { id, path_with_namespace: path },
    commits: [],
    total_commits_count: 1,
  });

/** By a connection of its own, as GitLab does. */
function deliver(hub, connectionId, body) {
  const headers = {
    'content-type': 'application/json',
    'content-length': Buffer.byteLength(body),
    'x-gitlab-event': 'Push Hook',
    'x-gitlab-token': SECRET,
    'idempotency-key': randomUUID(),
  };
  return new Promise((resolve, reject) => {
    const sent = request(
      new URL(`/webhooks/${connectionId}`, hub.url),
      { method: 'POST', agent: false, headers },
      (answer) => {
        answer.on('end', () => resolve(answer.statusCode)).on('error', reject);
        answer.resume();
      },
    );
    sent.on('error', reject);
    sent.end(body);
  });
}

/** Sends push hooks on the clock, in turns, until told to stop. Latency counts from when a hook was due. */
function flood(hub, targets, rate) {
  const [latencies, statuses, pending] = [[], {}, []];
  let isStopped = false;
  const startedAt = performance.now();
  const sending = (async () => {
    for (let sent = 0; !isStopped; sent += 1) {
      const dueAt = startedAt + (sent * 1000) / rate;
      const early = dueAt - performance.now();
      if (early > 1) await setTimeout(early);
      const { id, project } = targets[sent % targets.length];
      const delivered = deliver(hub, id, pushOf(project)).catch((error) => error.code);
      pending.push(
        delivered.then((status) => {
          latencies.push(performance.now() - dueAt);
          statuses[status] = (statuses[status] ?? 0) + 1;
        }),
      );
    }
  })();
  return async () => {
    isStopped = true;
    await sending;
    await Promise.all(pending);
    return { latencies, statuses };
  };
}

/**
 * The whole story; answers what was seen. First all connections are new, then all have a change and are due at the same
 * moment; push hooks come in all the time, and at the end many of them while one sync runs.
 */
export async function runCodeFleet(options) {
  const { databaseUrl, connections, workers = 2, gitProcesses = 4, concurrency = 8, hookRate, seconds } = options;
  const folder = mkdtempSync(join(tmpdir(), 'code-fleet-'));
  const database = new pg.Client({ connectionString: databaseUrl });
  const ends = [() => rmSync(folder, { recursive: true, force: true, maxRetries: 5 })];
  try {
    await database.connect();
    ends.push(() => database.end());
    for (const name of ['probe', 'caches']) mkdirSync(join(folder, name));
    const probe = createGitProbe(join(folder, 'probe'));
    const remotes = await startCodeRemotes(connections);
    ends.push(() => remotes.stop());
    const hub = async (role, env) => {
      const started = await startHub({ databaseUrl, token: ADMIN, env: { ROLE: role, ...env } });
      ends.push(() => started.stop());
      return started;
    };
    const api = await hub('api', {});
    const targets = await connectAll(api, remotes);
    const startWorkers = () =>
      Promise.all(
        Array.from({ length: workers }, () =>
          hub('worker', {
            PATH: probe.path(),
            WORK_DIR: join(folder, 'caches'),
            GIT_PROCESSES: String(gitProcesses),
            WORKER_CONCURRENCY: String(concurrency),
          }),
        ),
      );
    const story = { api, targets, remotes, database, hookRate, seconds };
    // The same hooks while nobody works: what the machine and whatever else runs on it make of them.
    const alone = await floodFor(story, Math.max(1, seconds / 2));
    const first = await during(story, startWorkers);
    await remotes.change();
    const again = await during(story, async () => {
      if (options.together) await remotes.hold();
      await database.query('update connection set next_run_at = now()');
      if (!options.together) return;
      await until('as much git as there may be', () => probe.seen().most.every((most) => most >= gitProcesses));
      await remotes.letGo();
    });
    const differing = await remotes.differing();
    const repeats = await repeatsWhileOneRuns(story);
    const meanwhile = [...first.latencies, ...again.latencies];
    return {
      firstSeconds: first.seconds,
      againSeconds: again.seconds,
      hooks: await countHooks(database, [alone, first, again], repeats.sent),
      alone: spread(alone.latencies),
      meanwhile: spread(meanwhile),
      ...probe.seen(),
      failedRuns: await failedRuns(database),
      differing,
      repeats,
    };
  } finally {
    for (const end of ends.toReversed()) await end();
  }
}

/** Their first runs wait for somebody who works. */
async function connectAll(api, remotes) {
  const instance = async (kind, { url: baseUrl, token }) =>
    (await api.api('POST', '/api/instances', { name: kind, kind, baseUrl, credentials: { token } })).id;
  const gitlab = await instance('gitlab', remotes.gitLab);
  const azure = await instance('azure-devops', remotes.azure);
  const targets = [];
  for (const project of remotes.projects) {
    const { id } = await api.api('POST', '/api/connections', {
      name: project.name,
      connectorId: 'azure-devops',
      schedule: { intervalMinutes: 600 },
      config: {
        gitlab: { instance: gitlab, project: project.path },
        azure: { instance: azure, project: project.name, repository: project.name },
        webhookSecret: SECRET,
      },
    });
    targets.push({ id, project });
  }
  return targets;
}

/** Hooks from the moment that makes all due until each was synced, for `seconds` at least; then until all is quiet. */
async function during({ api, targets, database, hookRate, seconds }, makeDue) {
  const [{ now }] = (await database.query('select clock_timestamp() as now')).rows;
  await makeDue();
  const startedAt = performance.now();
  const stop = flood(api, targets, hookRate);
  const isSynced = `select count(distinct connection_id)::int as count from sync_run where status = 'succeeded' and started_at >= $1`;
  await until('a sync of each', async () => (await database.query(isSynced, [now])).rows[0].count === targets.length);
  const took = (performance.now() - startedAt) / 1000;
  if (took < seconds) await setTimeout((seconds - took) * 1000);
  const sent = await stop();
  await untilQuiet(database);
  return { ...sent, seconds: took };
}

const untilQuiet = (database) =>
  until('quiet', async () => {
    const { rows } = await database.query(
      `select (select count(*) from sync_run where status in ('queued', 'running'))
            + (select count(*) from webhook_delivery where state = 'pending') as busy`,
    );
    return rows[0].busy === '0';
  });

/** Ten hooks while a sync runs that a hook has started. */
async function repeatsWhileOneRuns({ api, targets, remotes, database }) {
  const [{ id, project }] = targets;
  const runs = async (status) =>
    Number(
      (
        await database.query(
          'select count(*) from sync_run where connection_id = $1 and ($2::text is null or status = $2)',
          [id, status],
        )
      ).rows[0].count,
    );
  const before = await runs();
  const hook = () => deliver(api, id, pushOf(project));
  await remotes.hold(project.path);
  await hook();
  await until('a run of the first hook', async () => (await remotes.held()) > 0);
  for (let sent = 0; sent < 10; sent += 1) await hook();
  const stillRan = (await runs('running')) === 1;
  await remotes.letGo();
  await untilQuiet(database);
  return { sent: 11, stillRan, runs: (await runs()) - before };
}

async function floodFor({ api, targets, hookRate }, seconds) {
  const stop = flood(api, targets, hookRate);
  await setTimeout(seconds * 1000);
  return stop();
}

function spread(latencies) {
  const sorted = [...latencies].sort((a, b) => a - b);
  return { p50: percentile(sorted, 0.5), p99: percentile(sorted, 0.99), max: sorted.at(-1) };
}

async function countHooks(database, phases, more) {
  const { rows } = await database.query('select state, count(*)::int as count from webhook_delivery group by state');
  const of = (state) => rows.find((row) => row.state === state)?.count ?? 0;
  const answered = (phase) => phase.statuses[202] ?? 0;
  return {
    sent: phases.reduce((sum, phase) => sum + phase.latencies.length, more),
    refused: phases.reduce((sum, phase) => sum + phase.latencies.length - answered(phase), 0),
    stored: rows.reduce((sum, row) => sum + row.count, 0),
    done: of('done'),
  };
}

async function failedRuns(database) {
  const { rows } = await database.query(
    `select error from sync_run where status not in ('succeeded') order by finished_at limit 20`,
  );
  return rows.map(({ error }) => error?.message ?? 'no error');
}

async function until(what, isSo, patienceMs = 900_000) {
  const end = Date.now() + patienceMs;
  while (!(await isSo())) {
    if (Date.now() > end) throw new Error(`${what} did not come to pass`);
    await setTimeout(100);
  }
}
