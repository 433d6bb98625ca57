import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { errorCode } from '../config/error-code.js';

/** Tells a process from a later one with the same number, also across containers and restarts of the machine. */
export interface ProcessIdentity {
  readonly pid: number;
  /** In the kernel's own ticks since boot; absent where the system does not tell. */
  readonly startTime?: string;
  readonly bootId?: string;
  /** Numbers mean nothing outside their name space: every container has a process 1. */
  readonly pidNamespace?: string;
}

function attempt<T>(read: () => T | undefined): T | undefined {
  try {
    return read();
  } catch {
    return undefined;
  }
}

/** The fields of a `stat` file below /proc from the third on; the name in field 2 may hold spaces and brackets. */
function statFields(path: string): readonly string[] | undefined {
  return attempt(() => {
    const stat = readFileSync(path, 'utf8');
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  });
}

const startTimeOf = (pid: number): string | undefined => statFields(`/proc/${pid}/stat`)?.[19];

export function identifyProcess(pid = process.pid): ProcessIdentity {
  return {
    pid,
    startTime: startTimeOf(pid),
    bootId: attempt(() => readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()),
    pidNamespace: attempt(() => readlinkSync('/proc/self/ns/pid')),
  };
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
  } catch (error) {
    return errorCode(error) === 'EPERM';
  }
  return !hasEnded(pid);
}

/**
 * A dead process answers to its number until its parent has asked for its end: for seconds under a busy one, for ever
 * under the first process of many containers. Its first thread may have ended while another, the database's, still writes.
 */
function hasEnded(pid: number): boolean {
  const threads = attempt(() => readdirSync(`/proc/${pid}/task`));
  if (threads === undefined) return false;
  return threads.every((thread) => {
    const state = statFields(`/proc/${pid}/task/${thread}/stat`)?.[0];
    return state === undefined || state === 'Z' || state === 'X';
  });
}

/** `unknown`: it lives (or lived) in another container, where we cannot look. */
export function stateOf(holder: ProcessIdentity, here = identifyProcess()): 'alive' | 'gone' | 'unknown' {
  if (holder.bootId !== here.bootId) return 'gone';
  if (holder.pidNamespace !== here.pidNamespace) return 'unknown';
  if (!isAlive(holder.pid)) return 'gone';
  const startTime = startTimeOf(holder.pid);
  const same = holder.startTime === undefined || startTime === undefined || startTime === holder.startTime;
  return same ? 'alive' : 'gone';
}
