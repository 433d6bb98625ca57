import { randomBytes } from 'node:crypto';
import { spawn, spawnSync } from 'node:child_process';
import {
  chmodSync,
  chownSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

/** The folder with initdb and postgres: POSTGRES_BIN, else Debian's newest, else one on the PATH. */
function findPrograms() {
  const debian = '/usr/lib/postgresql';
  const versions = existsSync(debian) ? readdirSync(debian).sort((a, b) => Number(b) - Number(a)) : [];
  const folders = [
    process.env.POSTGRES_BIN,
    ...versions.map((version) => join(debian, version, 'bin')),
    ...(process.env.PATH ?? '').split(delimiter),
  ];
  const found = folders.find(
    (folder) => folder && ['initdb', 'postgres'].every((name) => existsSync(join(folder, name))),
  );
  if (!found)
    throw new Error('PostgreSQL is not installed here (Debian: apt-get install postgresql), or set POSTGRES_BIN.');
  return found;
}

/** PostgreSQL refuses to run as root: then it runs as `postgres`, else as `nobody`. */
function findUser() {
  if (process.getuid?.() !== 0) return undefined;
  const users = readFileSync('/etc/passwd', 'utf8')
    .split('\n')
    .map((line) => line.split(':'));
  const [, , uid, gid] = users.find(([name]) => name === 'postgres') ?? users.find(([name]) => name === 'nobody') ?? [];
  if (uid === undefined)
    throw new Error('PostgreSQL must not run as root, and there is neither a postgres nor a nobody user.');
  return { uid: Number(uid), gid: Number(gid) };
}

const freePort = () =>
  new Promise((resolve, reject) => {
    const server = createServer()
      .once('error', reject)
      .listen(0, '127.0.0.1', () => {
        const { port } = server.address();
        server.close(() => resolve(port));
      });
  });

function initialise(programs, folder, password, user) {
  const passwordFile = join(folder, 'password');
  writeFileSync(passwordFile, `${password}\n`, { mode: 0o600 });
  if (user) chownSync(passwordFile, user.uid, user.gid);
  const args = ['-D', join(folder, 'data'), '-U', 'syncline', '--auth=scram-sha-256', `--pwfile=${passwordFile}`];
  const { status, stderr } = spawnSync(
    join(programs, 'initdb'),
    [...args, '--encoding=UTF8', '--locale=C.UTF-8', '--no-sync'],
    { ...user, cwd: folder, encoding: 'utf8' },
  );
  if (status !== 0) throw new Error(`initdb failed: ${stderr}`);
  rmSync(passwordFile);
}

/**
 * Starts a private PostgreSQL in a folder of its own, on a free loopback port, with a random password, as a user other
 * than root. It keeps nothing: durability is off and `stop` removes the folder.
 */
export async function startPostgres() {
  const programs = findPrograms();
  const user = findUser();
  const folder = mkdtempSync(join(tmpdir(), 'syncline-postgres-'));
  if (user) chownSync(folder, user.uid, user.gid);
  chmodSync(folder, 0o700);
  const password = randomBytes(18).toString('hex');
  initialise(programs, folder, password, user);
  for (let tries = 1; ; tries += 1) {
    const started = await startServer({ programs, user, folder, password, port: await freePort() });
    if (started.postgres !== undefined) return started.postgres;
    // A port that was free a moment ago may be somebody else's by now.
    if (tries < 5 && /could not bind/.test(started.log)) continue;
    rmSync(folder, { recursive: true, force: true });
    throw new Error(`PostgreSQL did not start:\n${started.log}`);
  }
}

/** `postgres` is absent where it did not start; the log says why. */
async function startServer({ programs, user, folder, password, port }) {
  const settings = {
    port,
    listen_addresses: '127.0.0.1',
    unix_socket_directories: '',
    fsync: 'off',
    synchronous_commit: 'off',
    full_page_writes: 'off',
    max_connections: 200,
    max_prepared_transactions: 4,
    shared_buffers: '256MB',
    max_wal_size: '2GB',
  };
  const options = Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
  let log = '';
  // Detached: Ctrl-C in a terminal goes to the command first, which may still need its database.
  const server = spawn(join(programs, 'postgres'), ['-D', join(folder, 'data'), ...options], {
    ...user,
    cwd: folder,
    detached: true,
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  server.stderr.on('data', (chunk) => (log = (log + chunk).slice(-20_000)));
  const ended = new Promise((resolve) => {
    server.once('exit', resolve).once('error', (error) => resolve((log += error.message)));
  });

  const end = async () => {
    // SIGINT is PostgreSQL's fast shutdown: open sessions are ended, none is waited for.
    if (server.exitCode === null) server.kill('SIGINT');
    await Promise.race([ended, sleep(10_000, undefined, { ref: false })]);
    if (server.exitCode === null) server.kill('SIGKILL');
  };
  for (let waitedMs = 0; !log.includes('ready to accept connections'); waitedMs += 50) {
    if (server.exitCode !== null || server.pid === undefined || waitedMs > 120_000) {
      await end();
      return { log };
    }
    await sleep(50);
  }
  const url = (database) => `postgres://syncline:${password}@127.0.0.1:${port}/${database}`;
  const stop = async () => {
    await end();
    rmSync(folder, { recursive: true, force: true });
  };
  return { postgres: { maintenanceUrl: url('postgres'), url, pid: server.pid, stop }, log };
}
