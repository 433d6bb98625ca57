import { randomUUID } from 'node:crypto';
import {
  accessSync,
  constants,
  linkSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { setTimeout as wait } from 'node:timers/promises';
import { join } from 'node:path';
import { errorCode } from '../config/error-code.js';
import { StartError } from '../config/start-error.js';
import { makePrivateFolder } from '../secrets/private-file.js';
import { identifyProcess, type ProcessIdentity, stateOf } from './process-identity.js';

/** What the lock file says about its holder. */
export interface LockContent extends ProcessIdentity {
  readonly id: string;
  /** Where the holder's API answers, once it does. */
  readonly url?: string;
}

const HEARTBEAT_MS = 4_000;
/** A holder in another container that has been silent for this long is gone. */
const SILENCE_MS = 15_000;
/** A process that was killed a moment ago may need this long to end on a busy machine, with its memory to give back. */
const DYING_MS = 3_000;
const LOOK_AGAIN_MS = 50;
/** Whoever finds the lock free and cannot have it for this long is one of many. */
const CHANGING_HANDS_MS = 5_000;

const lockFile = (folder: string) => join(folder, 'lock');

/** Who holds the folder right now; undefined when nobody does, or the holder is gone. */
export function folderHolder(folder: string): LockContent | undefined {
  const found = readLock(folder);
  return found !== undefined && !isStale(found) ? found.content : undefined;
}

/**
 * The embedded database has no lock of its own: two processes on one folder would silently lose each other's rows.
 * The lock outlives a killed holder, so it names the process, its start and the machine's: a number that another
 * process has by now, or process 1 of a new container, does not count.
 */
export class FolderLock {
  private readonly heartbeat: NodeJS.Timeout;
  private readonly onExit = () => this.release();

  private constructor(
    private readonly folder: string,
    private content: LockContent,
  ) {
    this.heartbeat = setInterval(() => this.beat(), HEARTBEAT_MS).unref();
    process.once('exit', this.onExit);
  }

  /**
   * Throws a `StartError` when another process holds the folder and does not end within `dyingMs`, or nobody can. A holder
   * in another container is waited for until it was silent for long enough.
   */
  static async acquire(folder: string, dyingMs = DYING_MS): Promise<FolderLock> {
    assertUsable(folder);
    const content: LockContent = { ...identifyProcess(), id: randomUUID() };
    const startedAt = Date.now();
    for (;;) {
      if (tryCreate(folder, content)) return new FolderLock(folder, content);
      const found = readLock(folder);
      const waitedMs = Date.now() - startedAt;
      if (found === undefined || isStale(found)) {
        if (found !== undefined) removeStale(folder, found);
        if (waitedMs > CHANGING_HANDS_MS) throw restless(folder);
        await wait(1);
        continue;
      }
      const patienceMs = patienceWith(found.content, dyingMs);
      if (waitedMs >= patienceMs) throw refusal(folder, found.content);
      await wait(Math.min(LOOK_AGAIN_MS, patienceMs - waitedMs));
    }
  }

  /** Tells the command line where to find us. */
  publish(url: string): void {
    this.content = { ...this.content, url };
    const draft = `${lockFile(this.folder)}.${this.content.id}`;
    writeFileSync(draft, JSON.stringify(this.content), { mode: 0o600 });
    renameSync(draft, lockFile(this.folder));
  }

  release(): void {
    clearInterval(this.heartbeat);
    process.removeListener('exit', this.onExit);
    if (readLock(this.folder)?.content.id === this.content.id) rmSync(lockFile(this.folder), { force: true });
  }

  private beat(): void {
    const now = new Date();
    try {
      utimesSync(lockFile(this.folder), now, now);
    } catch {
      // The folder was removed under us; the database will say so.
    }
  }
}

/** A file of ours is the proof: some folders exist, allow it, and take none. */
function assertUsable(folder: string): void {
  const probe = `${lockFile(folder)}.${randomUUID()}`;
  try {
    makePrivateFolder(folder);
    accessSync(folder, constants.R_OK | constants.X_OK);
    writeFileSync(probe, '', { mode: 0o600 });
    rmSync(probe);
  } catch (error) {
    const code = errorCode(error) ?? 'unknown error';
    throw new StartError(`DATA_DIR is "${folder}", which cannot be used as a folder to keep data in (${code}).`);
  }
}

interface FoundLock {
  readonly content: LockContent;
  readonly text: string;
  readonly touchedAt: number;
}

/** A lock appears with its content or not at all, and only where there is none. */
function tryCreate(folder: string, content: LockContent): boolean {
  const draft = `${lockFile(folder)}.${content.id}`;
  const text = JSON.stringify(content);
  writeFileSync(draft, text, { mode: 0o600 });
  try {
    linkSync(draft, lockFile(folder));
    return true;
  } catch (error) {
    if (errorCode(error) === 'EEXIST') return false;
    // A file system without hard links: exclusive creation is the next best.
    try {
      writeFileSync(lockFile(folder), text, { mode: 0o600, flag: 'wx' });
      return true;
    } catch (second) {
      if (errorCode(second) === 'EEXIST') return false;
      throw second;
    }
  } finally {
    rmSync(draft, { force: true });
  }
}

function readLock(folder: string): FoundLock | undefined {
  try {
    const text = readFileSync(lockFile(folder), 'utf8');
    return { content: parseContent(text), text, touchedAt: statSync(lockFile(folder)).mtimeMs };
  } catch {
    return undefined;
  }
}

/** A torn or foreign file names no living process. */
function parseContent(text: string): LockContent {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === 'object' && value !== null && 'pid' in value && typeof value.pid === 'number') {
      const read = (name: string): string | undefined => {
        const field: unknown = Reflect.get(value, name);
        return typeof field === 'string' ? field : undefined;
      };
      return {
        pid: value.pid,
        id: read('id') ?? '',
        startTime: read('startTime'),
        bootId: read('bootId'),
        pidNamespace: read('pidNamespace'),
        url: read('url'),
      };
    }
  } catch {
    // told by the answer
  }
  return { pid: 0, id: '', bootId: 'unreadable' };
}

function isStale(found: FoundLock): boolean {
  const state = stateOf(found.content);
  return state === 'gone' || (state === 'unknown' && Date.now() - found.touchedAt > SILENCE_MS);
}

/** Takes the stale file away, and gives it back if somebody else has replaced it in the meantime. */
function removeStale(folder: string, found: FoundLock): void {
  const grave = `${lockFile(folder)}.${randomUUID()}`;
  try {
    renameSync(lockFile(folder), grave);
  } catch {
    return; // another starter was faster
  }
  try {
    if (readFileSync(grave, 'utf8') !== found.text) linkSync(grave, lockFile(folder));
  } finally {
    rmSync(grave, { force: true });
  }
}

function patienceWith(holder: LockContent, dyingMs: number): number {
  if (stateOf(holder) === 'unknown') return SILENCE_MS + HEARTBEAT_MS;
  return holder.pid === process.pid ? 0 : dyingMs;
}

function restless(folder: string): StartError {
  return new StartError(`The lock in ${folder} changes hands all the time; look for hubs that restart in a loop.`);
}

function refusal(folder: string, holder: LockContent): StartError {
  const where = holder.url === undefined ? '' : `, at ${holder.url}`;
  return new StartError(
    `Another hub (process ${holder.pid}${where}) uses the data folder ${folder}. Stop it first, or give this one its own DATA_DIR, or let both use one PostgreSQL by DATABASE_URL.`,
  );
}
