import { readFileSync, readlinkSync } from 'node:fs';
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

function attempt(read: () => string | undefined): string | undefined {
  try {
    return read();
  } catch {
    return undefined;
  }
}

/** Field 22 of /proc/<pid>/stat; the name in field 2 may hold spaces and brackets. */
function startTimeOf(pid: number): string | undefined {
  return attempt(() => {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19];
  });
}

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
    return true;
  } catch (error) {
    return errorCode(error) === 'EPERM';
  }
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
