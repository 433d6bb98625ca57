import { randomUUID } from 'node:crypto';
import { readFileSync, renameSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { link, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { ConnectorError } from '@syncline/connector-sdk';
import { identify, isAlive, type ProcessIdentity } from './process-identity.js';
import { killGroup } from './run-git.js';

interface Holder {
  /** Makes two locks of one process differ. */
  readonly id: string;
  readonly owner: ProcessIdentity;
  /** Git processes that work for the owner; they may outlive it. */
  readonly children: readonly ProcessIdentity[];
}

const retryMs = 100;
const heartbeatMs = 5_000;
/** An owner on another host, or in a container that is no more, has not been heard of for this long: it is gone. */
const silenceMs = 45_000;

/**
 * One process works in a cache at a time, and no git of a dead owner besides it: whoever takes over ends what the former
 * owner had running. A file beside the cache, so that two workers on one machine see each other.
 */
export class CacheLock {
  private children: ProcessIdentity[] = [];
  private readonly id = randomUUID();
  private heartbeat: NodeJS.Timeout | undefined;

  private constructor(private readonly path: string) {}

  /** Waits for its turn; throws `transient` after `patienceMs`, `interrupted` when the signal fires. */
  static async take(path: string, signal: AbortSignal, patienceMs = 60_000): Promise<CacheLock> {
    const lock = new CacheLock(path);
    const until = Date.now() + patienceMs;
    for (;;) {
      if (signal.aborted) throw new ConnectorError('interrupted', 'The run was stopped while it waited for its cache');
      if (await lock.tryTake()) return lock.beating();
      if (Date.now() > until) {
        throw new ConnectorError('transient', 'Another process is still at work in the git cache of this connection.');
      }
      await pause(retryMs, signal);
    }
  }

  /** Notes a git process before it has done anything, so that a successor can end it. */
  note(processGroup: number): void {
    this.children = [...this.children.filter((child) => isAlive(child)), identify(processGroup)];
    this.assertHeld();
    const temporary = `${this.path}.${this.id}`;
    writeFileSync(temporary, JSON.stringify(this.holder()));
    renameSync(temporary, this.path);
  }

  /** Throws `interrupted` where somebody else has taken over. */
  assertHeld(): void {
    if (parseHolder(readOr(this.path))?.id === this.id) return;
    throw new ConnectorError('interrupted', 'Another process has taken over the git cache of this connection');
  }

  release(): void {
    clearInterval(this.heartbeat);
    if (parseHolder(readOr(this.path))?.id === this.id) rmSync(this.path, { force: true });
  }

  /** Lets other hosts know that we live. */
  private beating(): this {
    this.heartbeat = setInterval(() => {
      const now = new Date();
      try {
        utimesSync(this.path, now, now);
      } catch {
        // Taken over or thrown away; the next step of the work finds out.
      }
    }, heartbeatMs).unref();
    return this;
  }

  private holder(): Holder {
    return { id: this.id, owner: identify(process.pid), children: this.children };
  }

  private async tryTake(): Promise<boolean> {
    const temporary = `${this.path}.${this.id}`;
    await writeFile(temporary, JSON.stringify(this.holder()));
    try {
      // Unlike a rename, a link fails where there is a lock already, and the file is never seen half written.
      await link(temporary, this.path);
      return true;
    } catch (error) {
      if (!isCode(error, 'EEXIST')) throw error;
      return await this.takeOver();
    } finally {
      await rm(temporary, { force: true });
    }
  }

  /** Removes the lock of a dead owner; the next try takes it. Always false. */
  private async takeOver(): Promise<false> {
    const text = await readFile(this.path, 'utf8').catch(() => '');
    const holder = parseHolder(text);
    if (holder !== undefined && !(await this.isGone(holder.owner))) return false;
    // Away with it under another name first: of two successors, one finds it gone, or finds a new lock and puts it back.
    const aside = `${this.path}.${this.id}.stale`;
    const moved = await rename(this.path, aside).then(
      () => true,
      () => false,
    );
    if (!moved) return false;
    const seen = await readFile(aside, 'utf8').catch(() => '');
    if (seen !== text) {
      await link(aside, this.path).catch(() => undefined);
      await rm(aside, { force: true });
      return false;
    }
    for (const child of holder?.children ?? []) {
      // A number of another host means somebody else here.
      if (child.host === hostname() && isAlive(child)) killGroup(child.pid, 'SIGKILL');
    }
    await rm(aside, { force: true });
    return false;
  }

  private async isGone(owner: ProcessIdentity): Promise<boolean> {
    if (owner.host === hostname()) return !isAlive(owner);
    const touched = await stat(this.path).catch(() => undefined);
    return touched !== undefined && Date.now() - touched.mtimeMs > silenceMs;
  }
}

function parseHolder(text: string): Holder | undefined {
  try {
    const holder = JSON.parse(text) as Partial<Holder> | null;
    if (holder?.id === undefined || holder.owner === undefined || holder.children === undefined) return undefined;
    return { id: holder.id, owner: holder.owner, children: holder.children };
  } catch {
    return undefined;
  }
}

function readOr(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}

function isCode(error: unknown, code: string): boolean {
  return typeof error === 'object' && error !== null && 'code' in error && error.code === code;
}

function pause(milliseconds: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => {
      clearTimeout(timer);
      signal.removeEventListener('abort', done);
      resolve();
    };
    const timer = setTimeout(done, milliseconds);
    signal.addEventListener('abort', done, { once: true });
  });
}
