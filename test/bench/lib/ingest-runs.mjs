// One connection's life against one simulated GitLab: first sync, idle poll, a change, and what the polls after it catch.
import { cpuSeconds, databaseCpuSeconds, peakRssMb } from './child-process.mjs';
import { createDatabase } from './databases.mjs';
import { measureFloor } from './floor.mjs';
import { startGitLab } from './gitlab.mjs';
import { startHub } from './hub.mjs';

const BRANCHES = ['main', 'develop'];

/** What the bench's world costs, and how a bare client fares with the same requests. */
export async function measureLife({ latencyMs, embedded, reading }) {
  return withHub({ world: ['--world', 'bench'], latencyMs, embedded }, async ({ gitlab, hub, database }) => {
    await answerOnce({ gitlab, embedded, reading });
    const { id } = await hub.connect('bench', gitlab, { branches: BRANCHES, reading });
    const [ofGitLab, ofDatabase] = [cpuSeconds(gitlab.pid), database ? databaseCpuSeconds(database.name) : 0];
    const first = await measureRun(hub, gitlab, id);
    const others = {
      gitlab: cpuSeconds(gitlab.pid) - ofGitLab,
      database: database ? databaseCpuSeconds(database.name) - ofDatabase : 0,
    };
    const floor = (await floorOf(gitlab, first)).justStarted;
    const peak = peakRssMb(hub.pid);
    const warm = await measureWarm({ gitlab, hub, reading });
    const idle = await measureRun(hub, gitlab, id);
    const changes = await gitlab.change(1);
    const changed = await measureRun(hub, gitlab, id);
    // By REST, tags that were pushed again are looked at a few per poll: these polls find the rest.
    let polls = 1;
    let found = await caught(hub, id, changes);
    while (found.missed.length > 0 && polls < 20) {
      await measureRun(hub, gitlab, id);
      polls += 1;
      found = await caught(hub, id, changes);
    }
    return { latencyMs, embedded, reading, first, others, floor, warm, peak, idle, changed, found, polls };
  });
}

/** Lets GitLab answer everything once to another hub: one that people use has not just been started. */
async function answerOnce({ gitlab, embedded, reading }) {
  const database = embedded ? undefined : await createDatabase();
  const hub = await startHub({ databaseUrl: database?.url });
  try {
    const { id } = await hub.connect('another', gitlab, { branches: BRANCHES, reading });
    succeeded(await hub.sync(id));
  } finally {
    await hub.stop();
    await database?.drop();
  }
}

/** The first sync of one more connection, in a hub whose code is compiled, as of one that has been up for a minute. */
async function measureWarm({ gitlab, hub, reading }) {
  const { id } = await hub.connect('one more', gitlab, { branches: BRANCHES, reading });
  const first = await measureRun(hub, gitlab, id);
  const floor = (await floorOf(gitlab, first)).atWork;
  await hub.api('DELETE', `/api/connections/${id}`);
  return { first, floor };
}

/** The floor below a run that has just ended: its requests are the last that GitLab remembers. */
async function floorOf(gitlab, run) {
  return measureFloor(gitlab, (await gitlab.log()).slice(-run.requests));
}

/** A hundred projects in which nothing happens, in one connection or in ten that share instance and token. */
export async function measureIdle({ latencyMs, embedded, reading, connections }) {
  const sizes = [
    '--merge-requests',
    '10',
    '--pipelines',
    '10',
    '--failed-pipelines',
    '2',
    '--commits-per-branch',
    '20',
  ];
  const world = ['--world', 'bench', '--projects', '100', '--shared-commits', '10', ...sizes];
  return withHub({ world, latencyMs, embedded }, async ({ gitlab, hub }) => {
    const { id: instance } = await hub.instance('many', gitlab);
    const ids = [];
    for (let index = 0; index < connections; index += 1) {
      const part = gitlab.projects.filter((_, at) => at % connections === index).map(({ id }) => id);
      const projects = connections === 1 ? {} : { projects: part };
      ids.push((await hub.connection(`many ${index}`, { instance, branches: BRANCHES, reading, ...projects })).id);
    }
    // Sharing needs to know when the others come: the third round is the first that can.
    for (let round = 0; round < (connections === 1 ? 1 : 2); round += 1) {
      for (const id of ids) succeeded(await hub.sync(id));
    }
    const mark = (await gitlab.requests()).mark;
    const startedAt = performance.now();
    for (const run of await Promise.all(ids.map((id) => hub.sync(id)))) succeeded(run);
    const seconds = (performance.now() - startedAt) / 1000;
    const { total, byEndpoint } = await gitlab.requests(mark);
    return { latencyMs, embedded, reading, connections, requests: total, byEndpoint, seconds };
  });
}

async function withHub({ world, latencyMs, embedded }, work) {
  const gitlab = await startGitLab([...world, '--latency', String(latencyMs)]);
  const database = embedded ? undefined : await createDatabase();
  const hub = await startHub({ databaseUrl: database?.url });
  try {
    return await work({ gitlab, hub, database });
  } finally {
    await hub.stop();
    await database?.drop();
    await gitlab.stop();
  }
}

function succeeded(run) {
  if (run.status !== 'succeeded') throw new Error(`the run was ${run.status}: ${JSON.stringify(run.error)}`);
  return run;
}

async function measureRun(hub, gitlab, connectionId) {
  const [cpu, mark] = [cpuSeconds(hub.pid), (await gitlab.requests()).mark];
  const run = succeeded(await hub.sync(connectionId));
  const seen = await gitlab.requests(mark);
  return {
    requests: seen.total,
    byEndpoint: seen.byEndpoint,
    seconds: (Date.parse(run.finishedAt) - Date.parse(run.startedAt)) / 1000,
    cpu: cpuSeconds(hub.pid) - cpu,
    stored: run.counts.stored,
  };
}

const NEW = new Set(['opened', 'started', 'committed', 'released', 'pushed', 'deployed', 'repushed']);

/** How many of the changed objects the timeline shows as the world has them. */
async function caught(hub, connectionId, changes) {
  const wanted = [...new Set(changes.map((change) => change.eventId))];
  const known = new Set();
  let cursor = '';
  do {
    const page = await hub.api('GET', `/api/events?connectionId=${connectionId}&limit=500${cursor}`);
    for (const event of page.items) known.add(`${event.eventId}`);
    for (const event of page.items) if (event.revision > 1) known.add(`${event.eventId}@changed`);
    cursor = page.nextCursor ? `&cursor=${page.nextCursor}` : undefined;
  } while (cursor !== undefined);
  const isNew = (eventId) => changes.some((change) => change.eventId === eventId && NEW.has(change.change));
  const missed = wanted.filter((eventId) => !known.has(isNew(eventId) ? eventId : `${eventId}@changed`));
  return { wanted: wanted.length, missed };
}
