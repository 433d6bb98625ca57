// Processes under measurement: started by us, ended by us, read through /proc (Linux).
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { setTimeout } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

export const root = fileURLToPath(new URL('../../..', import.meta.url));

/** Starts `node` on a file and waits until a line of its output matches. */
export async function startNode(args, { env = {}, ready, timeoutMs = 300_000 }) {
  const child = spawn(process.execPath, args, {
    cwd: root,
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  const matched = new Promise((resolve, reject) => {
    const read = (chunk) => {
      output = (output + chunk).slice(-200_000);
      const match = ready.exec(output);
      if (match) resolve(match);
    };
    child.stdout.on('data', read);
    child.stderr.on('data', read);
    child.once('exit', (code) => reject(new Error(`${args[0]} ended with ${code} before it was ready:\n${output}`)));
  });
  const match = await Promise.race([
    matched,
    setTimeout(timeoutMs, undefined, { ref: false }).then(() => {
      throw new Error(`${args[0]} was not ready in time:\n${output}`);
    }),
  ]);
  return {
    pid: child.pid,
    match,
    output: () => output,
    signal: (name) => child.kill(name),
    async stop(signal = 'SIGTERM') {
      if (child.exitCode !== null || child.signalCode !== null) return;
      const gone = once(child, 'exit');
      child.kill(signal);
      await gone;
    },
  };
}

const TICKS_PER_SECOND = 100;

/** User and system time of a process so far, in seconds. */
export function cpuSeconds(pid) {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8')
    .replace(/^.*\) /, '')
    .split(' ');
  return (Number(fields[11]) + Number(fields[12])) / TICKS_PER_SECOND;
}

/** Time that the backends of a PostgreSQL on this machine have spent on a database so far; those that have left not counted. */
export function databaseCpuSeconds(name) {
  let seconds = 0;
  for (const pid of readdirSync('/proc').filter((entry) => /^\d+$/.test(entry))) {
    try {
      const title = readFileSync(`/proc/${pid}/cmdline`, 'utf8');
      if (title.startsWith('postgres:') && title.includes(name)) seconds += cpuSeconds(pid);
    } catch {
      // It ended meanwhile.
    }
  }
  return seconds;
}

const memory = (pid, name) =>
  Number(new RegExp(`${name}:\\s+(\\d+)`).exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0) / 1024;

/** Resident memory now, in MB. */
export const rssMb = (pid) => memory(pid, 'VmRSS');

/** The most it ever was, in MB. */
export const peakRssMb = (pid) => memory(pid, 'VmHWM');
