import { readFileSync } from 'node:fs';
import { hostname } from 'node:os';

/** A process, such that another one with the same number is not taken for it. */
export interface ProcessIdentity {
  readonly pid: number;
  readonly host: string;
  /** Of the kernel: a restart gives all numbers anew. Empty where the system does not tell. */
  readonly boot: string;
  /** When it started, in the kernel's ticks. Empty where the system does not tell. */
  readonly started: string;
}

export function identify(pid: number): ProcessIdentity {
  return { pid, host: hostname(), boot: bootId(), started: startOf(pid) };
}

/** Whether this very process still runs. One of another host is taken to run: nobody here can tell. */
export function isAlive({ pid, host, boot, started }: ProcessIdentity): boolean {
  if (host !== hostname()) return true;
  if (boot !== bootId()) return false;
  const now = startOf(pid);
  if (now !== '' || started !== '') return now === started;
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

let knownBoot: string | undefined;

function bootId(): string {
  knownBoot ??= readOr('/proc/sys/kernel/random/boot_id').trim();
  return knownBoot;
}

/** Field 22 of `/proc/<pid>/stat`; the name before it may hold blanks and brackets. A zombie has ended. */
function startOf(pid: number): string {
  const fields = readOr(`/proc/${pid}/stat`).split(') ').at(-1)?.split(' ') ?? [];
  return fields[0] === 'Z' ? '' : (fields[19] ?? '');
}

function readOr(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}
