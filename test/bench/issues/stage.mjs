// Two simulated GitLabs, a hub of the built product and PostgreSQL, each a process of its own, and one connection both ways.
import { setTimeout } from 'node:timers/promises';
import { cpuSeconds, peakRssMb, rssMb } from '../lib/child-process.mjs';
import { createDatabase } from '../lib/databases.mjs';
import { startGitLab } from '../lib/gitlab.mjs';
import { startHub } from '../lib/hub.mjs';
import { countStatements } from './statements.mjs';

/** Longer than changes may stay invisible (120 s): what was done before is then behind every cursor. */
const QUIET_MS = 180_000;

/** `counted`: with the number of database statements, which costs a little time. */
export async function withStage({ issues, comments, latencyMs = 0, counted = false, nodeArgs = [] }, work) {
  const sizes = ['--world', 'issues', '--comments', String(comments)];
  const source = await startGitLab([...sizes, '--issues', String(issues)]);
  const target = await startGitLab([...sizes, '--issues', '0', '--seed', 'target']);
  const database = await createDatabase();
  const door = counted ? await countStatements(database.url) : undefined;
  const hub = await startHub({ databaseUrl: door?.url ?? database.url, nodeArgs });
  try {
    const stage = new Stage(hub, source, target, database.url, door, await connect(hub, source, target));
    await stage.latency(latencyMs);
    return await work(stage);
  } finally {
    await hub.stop();
    door?.close();
    await database.drop();
    await source.stop();
    await target.stop();
  }
}

async function connect(hub, source, target) {
  const add = (name, { url, writeToken }) => hub.instance(name, { url, token: writeToken });
  const [left, right] = [await add('source', source), await add('target', target)];
  // Two of the eight people stand for somebody; the others are warned about and left out.
  for (const [from, to] of [
    ['nora', 'writer'],
    ['sam', 'reader'],
  ]) {
    const people = { sourceInstanceId: left.id, sourceUsername: from, targetInstanceId: right.id, targetUsername: to };
    await hub.api('POST', '/api/user-mappings', people);
  }
  const connection = await hub.api('POST', '/api/connections', {
    name: 'pair',
    connectorId: 'gitlab-issues',
    schedule: null,
    config: {
      source: { instance: left.id, project: source.projects[0].id },
      target: { instance: right.id, project: target.projects[0].id },
      bidirectional: true,
    },
  });
  return connection.id;
}

class Stage {
  constructor(hub, source, target, databaseUrl, door, connectionId) {
    Object.assign(this, { hub, source, target, databaseUrl, door, connectionId });
  }

  async latency(ms) {
    for (const side of [this.source, this.target]) await side.latency(ms);
  }

  /** Lets the GitLabs' time pass. */
  async quiet() {
    for (const side of [this.source, this.target]) await side.skip(QUIET_MS);
  }

  /** What people do in the source. */
  change(kind, count) {
    return this.source.control('POST', `issues?project=1&${kind}=${count}`);
  }

  /** One run, and what it took. */
  async sync(pollMs = 50) {
    const { hub } = this;
    const sides = [this.source, this.target];
    const marks = await Promise.all(sides.map(async (side) => (await side.requests()).mark));
    const [cpu, statements] = [cpuSeconds(hub.pid), this.door?.count()];
    const { runId } = await hub.api('POST', `/api/connections/${this.connectionId}/sync`, {});
    let most = 0;
    let run;
    do {
      await setTimeout(pollMs);
      run = await hub.api('GET', `/api/runs/${runId}`);
      most = Math.max(most, rssMb(hub.pid));
    } while (run.finishedAt === null);
    if (run.status !== 'succeeded') throw new Error(`the run was ${run.status}: ${JSON.stringify(run.error)}`);
    const seen = await Promise.all(sides.map((side, at) => side.requests(marks[at])));
    return {
      ...summary(seen),
      seconds: (Date.parse(run.finishedAt) - Date.parse(run.startedAt)) / 1000,
      cpu: cpuSeconds(hub.pid) - cpu,
      statements: statements === undefined ? undefined : this.door.count() - statements,
      peak: peakRssMb(hub.pid),
      most,
    };
  }
}

/** Requests of both sides by endpoint. */
function summary(seen) {
  const kinds = {};
  for (const [at, side] of ['source', 'target'].entries()) {
    for (const [endpoint, count] of Object.entries(seen[at].byEndpoint)) kinds[`${side} ${endpoint}`] = count;
  }
  const sum = (wanted) =>
    Object.entries(kinds).reduce((total, [kind, count]) => total + (wanted(kind.split(' ')[1]) ? count : 0), 0);
  return {
    kinds,
    requests: sum(() => true),
    reads: sum((method) => method === 'GET'),
    writes: sum((method) => method !== 'GET'),
    noteLists: sumOf(kinds, / GET .*\/notes$/),
    noteWrites: sumOf(kinds, / POST .*\/notes$/),
  };
}

const sumOf = (kinds, pattern) =>
  Object.entries(kinds).reduce((total, [kind, count]) => total + (pattern.test(kind) ? count : 0), 0);
