// A hub with GitLabs to look at: starts the simulator with a lively world, two more whose issues are kept in step, a hub
// on a fresh folder, and the connections between them; with git on the machine also an Azure DevOps to which code is
// carried. All end, and the folder goes, when this is stopped.
import { spawn, spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { parseArgs } from 'node:util';
import { connectCode } from './lib/demo-code-sync.mjs';
import { connectIssues, issueWorlds } from './lib/demo-issue-sync.mjs';
import { root } from './lib/root.mjs';

const { values: options } = parseArgs({
  options: {
    port: { type: 'string', default: process.env.PORT || '8000' },
    tick: { type: 'string', default: '3000' },
    help: { type: 'boolean', short: 'h', default: false },
  },
});
if (options.help) {
  console.log(
    'npm run demo -- [--port 8000] [--tick 3000]\n\nStarts the hub beside a simulated GitLab in which something happens every few seconds, two more whose issues are kept in step, and a simulated Azure DevOps to which code is carried.',
  );
  process.exit(0);
}

const dataDir = mkdtempSync(join(tmpdir(), 'syncline-demo-'));
const adminToken = randomBytes(24).toString('hex');
const children = [];
let stopping = false;

/** Starts a program and answers what `ready` finds in one of its lines. */
async function start(args, env, ready) {
  const child = spawn(process.execPath, args, {
    cwd: root,
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  children.push(child);
  child.once('exit', () => stop(stopping ? 0 : 1));
  const lines = createInterface({ input: child.stdout });
  return new Promise((resolve) => {
    lines.on('line', (line) => {
      const found = ready(line);
      if (found) resolve(found);
    });
  });
}

async function stop(code) {
  if (stopping) return;
  stopping = true;
  process.exitCode = code;
  // The hub first: it may be reading from the other.
  for (const child of children.toReversed()) {
    if (child.exitCode !== null || child.signalCode !== null) continue;
    const gone = once(child, 'exit');
    child.kill('SIGTERM');
    await gone;
  }
  rmSync(dataDir, { recursive: true, force: true });
}
process.once('SIGINT', () => void stop(0));
process.once('SIGTERM', () => void stop(0));

const simulators = 'libs/connector-testing/dist';
const announced = (line) => (line.startsWith('{') ? JSON.parse(line) : undefined);
const hasGit = spawnSync('git', ['--version'], { stdio: 'ignore' }).status === 0;
const gitlab = await start(
  [
    `${simulators}/gitlab-simulator/main.js`,
    ...['--world', 'lively', '--tick', options.tick, ...(hasGit ? ['--code'] : [])],
  ],
  {},
  announced,
);
const azure = hasGit ? await start([`${simulators}/azure-simulator/main.js`], {}, announced) : undefined;
const tracker = (world) => start([`${simulators}/gitlab-simulator/main.js`, ...world], {}, announced);
const [ours, partner] = [await tracker(issueWorlds.ours), await tracker(issueWorlds.partner)];
const url = await start(
  ['apps/hub/dist/main.js'],
  {
    PORT: options.port,
    HOST: '127.0.0.1',
    DATA_DIR: dataDir,
    DATABASE_URL: '',
    SYNCLINE_ADMIN_TOKEN: adminToken,
    LOG_LEVEL: process.env.LOG_LEVEL || 'warn',
  },
  (() => {
    let address;
    return (line) => {
      address ??= /listens on (\S+)/.exec(line)?.[1];
      return line.startsWith('Ready') ? address : undefined;
    };
  })(),
);

async function api(method, path, body) {
  const answer = await fetch(`${url}${path}`, {
    method,
    headers: { authorization: `Bearer ${adminToken}`, 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  const value = await answer.json();
  if (!answer.ok) throw new Error(`${method} ${path}: ${value.detail}`);
  return value;
}

try {
  const instance = await api('POST', '/api/instances', {
    name: 'Simulated GitLab',
    kind: 'gitlab',
    baseUrl: gitlab.url,
    credentials: { token: gitlab.token },
  });
  const connection = await api('POST', '/api/connections', {
    name: 'Demo',
    connectorId: 'gitlab-events',
    schedule: { intervalMinutes: 1 },
    config: { instance: instance.id, branches: ['main'] },
    tags: ['demo'],
  });
  const code = hasGit
    ? await connectCode(api, { hub: url, gitlab, azure })
    : 'Code sync is left out: there is no git on this machine.';
  const issues = await connectIssues(api, { hub: url, ours, partner });
  console.log(`
Syncline runs at ${url}
Log in with this token:  ${adminToken}

A simulated GitLab answers at ${gitlab.url}; something happens there every few seconds, and the connection
"${connection.name}" reads it once a minute. Open ${url}/timeline, or press "Run now" to see it at once.

${issues}

${code}

Everything is gone when you stop this with Ctrl+C.`);
} catch (error) {
  console.error(`The demo could not be set up: ${error.message}`);
  await stop(1);
}
