import { spawn } from 'node:child_process';
import { Readable } from 'node:stream';
import { ConnectorError } from '@syncline/connector-sdk';
import { gitEnvironment, scrub } from './git-environment.js';
import { AskedWait, headerTrace } from './asked-wait.js';
import { diskFailure } from './disk-full.js';
import { giveWay } from './give-way.js';
import type { GitRemote } from './git-remote.js';
import type { ProcessSlots } from './process-slots.js';

export interface GitResult {
  /** null where a signal ended it. */
  readonly code: number | null;
  readonly stdout: string;
  /** The end of it, without secrets. */
  readonly stderr: string;
  /** How long the server asks to be left alone, where it refused and said so. */
  readonly waitMs?: number;
}

export interface GitCall {
  /** Of a bare repository; absent for questions to a remote alone. */
  readonly gitDir?: string;
  /** An empty folder: git's home. */
  readonly home: string;
  /** The remotes this call talks to. */
  readonly remotes?: readonly GitRemote[];
  /** Configuration of this call only. */
  readonly settings?: readonly (readonly [string, string])[];
  readonly input?: string;
  readonly signal: AbortSignal;
  readonly timeoutMs: number;
  readonly slots: ProcessSlots;
  /** Told the process group as soon as it exists, so that somebody else can end it if we die. */
  readonly onStart?: (processGroup: number) => void;
}

/** Ref lists of very large repositories stay below this. */
const mostOutput = 64 * 1024 * 1024;
const keptStderr = 64 * 1024;
/** Between asking a process group to end and ending it. */
const graceMs = 2_000;

/**
 * Runs git without a shell, in a process group of its own: an abort ends also what git has started. An exit status is a
 * result; throws `interrupted` after an abort, `transient` after the time-out, `config` where there is no git.
 */
export async function runGit(args: readonly string[], call: GitCall): Promise<GitResult> {
  const leave = await call.slots.enter(call.signal);
  try {
    return await spawnGit(args, call);
  } finally {
    leave();
  }
}

function spawnGit(args: readonly string[], call: GitCall): Promise<GitResult> {
  const { gitDir, home, remotes = [], signal, timeoutMs } = call;
  if (signal.aborted) return Promise.reject(stopped());
  return new Promise((resolve, reject) => {
    const child = spawn('git', [...(gitDir === undefined ? [] : [`--git-dir=${gitDir}`]), ...args], {
      cwd: home,
      env: { ...gitEnvironment(home, remotes, call.settings), ...(remotes.length === 0 ? {} : headerTrace) },
      stdio: ['pipe', 'pipe', 'pipe', remotes.length === 0 ? 'ignore' : 'pipe'],
      shell: false,
      detached: true,
    });
    giveWay(child.pid);
    let failure: ConnectorError | undefined;
    let killer: NodeJS.Timeout | undefined;
    const end = (why: ConnectorError): void => {
      failure ??= why;
      killGroup(child.pid, 'SIGTERM');
      killer ??= setTimeout(() => killGroup(child.pid, 'SIGKILL'), graceMs);
    };
    const onAbort = (): void => end(stopped());
    const timer = setTimeout(() => end(tooSlow(args, timeoutMs)), timeoutMs);
    signal.addEventListener('abort', onAbort, { once: true });
    const clear = (): void => {
      clearTimeout(timer);
      clearTimeout(killer);
      signal.removeEventListener('abort', onAbort);
    };
    const asked = new AskedWait();
    const trace = child.stdio[3];
    if (trace instanceof Readable) asked.listen(trace);
    const stdout: Buffer[] = [];
    let length = 0;
    child.stdout?.on('data', (chunk: Buffer) => {
      length += chunk.length;
      if (length > mostOutput) end(new ConnectorError('permanent', 'git wrote more than 64 MB and was stopped.'));
      else stdout.push(chunk);
    });
    let stderr = '';
    child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      stderr = `${stderr}${text}`.slice(-keptStderr);
    });
    child.on('error', (cause: NodeJS.ErrnoException) => {
      clear();
      reject(
        cause.code === 'ENOENT'
          ? noGit(cause)
          : new ConnectorError('transient', `git could not be started: ${cause.message}`, { cause }),
      );
    });
    child.on('close', (code, endedBy) => {
      clear();
      // What git had started may outlive it.
      killGroup(child.pid, 'SIGKILL');
      if (failure !== undefined) reject(failure);
      else {
        // As git says it of those that it has started itself.
        const died = endedBy === 'SIGXFSZ' ? '\ngit died of signal 25' : '';
        const waitMs = asked.since(new Date());
        resolve({
          code,
          stdout: Buffer.concat(stdout).toString('utf8'),
          stderr: scrub(`${stderr}${died}`, remotes),
          ...(waitMs === undefined ? {} : { waitMs }),
        });
      }
    });
    try {
      if (child.pid !== undefined) call.onStart?.(child.pid);
    } catch (error) {
      // Nobody could end it if we died: then it must not run.
      const words = error instanceof Error ? error.message : String(error);
      end(diskFailure(words) ?? ConnectorError.from(error));
    }
    // A git that ends early leaves its input unread; its exit status says why.
    child.stdin?.on('error', () => undefined);
    child.stdin?.end(call.input ?? '');
  });
}

/** Ends a process and all it has started; one that is gone already is not an error. */
export function killGroup(processGroup: number | undefined, signal: 'SIGTERM' | 'SIGKILL'): void {
  if (processGroup === undefined) return;
  try {
    process.kill(-processGroup, signal);
  } catch {
    // It has ended.
  }
}

function stopped(): ConnectorError {
  return new ConnectorError('interrupted', 'The run was stopped while git was at work');
}

function tooSlow([verb = 'git']: readonly string[], timeoutMs: number): ConnectorError {
  const minutes = Math.round(timeoutMs / 6_000) / 10;
  return new ConnectorError('transient', `git ${verb} took longer than ${minutes} minutes and was stopped.`);
}

function noGit(cause: unknown): ConnectorError {
  return new ConnectorError('config', 'There is no git on this machine.', {
    hint: 'Install git 2.31 or newer where the hub runs.',
    cause,
  });
}
