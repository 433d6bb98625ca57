import { mkdir, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { rootCertificates } from 'node:tls';
import { ConnectorError } from '@syncline/connector-sdk';
import { CacheLock } from './cache-lock.js';
import { diskFailure } from './disk-full.js';
import { gitFailure, looksCorrupt, wasLost } from './git-failure.js';
import type { GitRemote } from './git-remote.js';
import { processSlots, type ProcessSlots } from './process-slots.js';
import { runGit, type GitCall, type GitResult } from './run-git.js';

/** A first fetch of a large repository takes its time; a transfer that trickles is ended earlier by git itself. */
const transferTimeoutMs = 60 * 60_000;
const questionTimeoutMs = 2 * 60_000;
const betweenTriesMs = 500;
/** Packs in the cache beyond this are put together. */
const mostPacks = 20;

export interface CacheOptions {
  readonly folder: string;
  readonly connectionId: string;
  readonly signal: AbortSignal;
  readonly slots?: ProcessSlots;
  /** The run's clock. */
  readonly now?: () => Date;
  /** How long to wait for another process to leave the cache. */
  readonly patienceMs?: number;
}

/** The bare repository of one connection, for us alone while it is open. It holds what GitLab has, and can be made anew. */
export class GitCache {
  readonly gitDir: string;
  private readonly home: string;

  private constructor(
    private readonly options: CacheOptions,
    private readonly lock: CacheLock,
  ) {
    this.gitDir = join(options.folder, `${options.connectionId}.git`);
    this.home = join(options.folder, '.home');
  }

  static async open(options: CacheOptions): Promise<GitCache> {
    const { folder, connectionId, signal, patienceMs } = options;
    if (!/^[\w-]{1,64}$/.test(connectionId))
      throw new ConnectorError('permanent', 'The id of the connection is not usable.');
    await usable(() => mkdir(join(folder, '.home'), { recursive: true, mode: 0o700 }), folder);
    const lock = await usable(() => CacheLock.take(join(folder, `${connectionId}.lock`), signal, patienceMs), folder);
    const cache = new GitCache(options, lock);
    try {
      await cache.prepare();
      return cache;
    } catch (error) {
      lock.release();
      throw error;
    }
  }

  close(): void {
    this.lock.release();
  }

  /** Runs git in the cache; the exit status is the caller's to judge. A transfer whose answer was lost is repeated once. */
  run(args: readonly string[], call: Pick<GitCall, 'remotes' | 'input' | 'settings'> = {}): Promise<GitResult> {
    const { signal, slots = processSlots } = this.options;
    return this.onceMore(call.remotes ?? [], () => {
      this.lock.assertHeld();
      return runGit(args, {
        ...call,
        gitDir: this.gitDir,
        home: this.home,
        signal,
        slots,
        timeoutMs: transferTimeoutMs,
        onStart: (processGroup) => {
          this.lock.note(processGroup);
        },
      });
    });
  }

  /** Asks a remote, without touching the cache: several may be under way at once. */
  runOutside(args: readonly string[], remote: GitRemote): Promise<GitResult> {
    const { signal, slots = processSlots } = this.options;
    const call = { remotes: [remote], home: this.home, signal, slots, timeoutMs: questionTimeoutMs };
    return this.onceMore([remote], () => runGit(args, call));
  }

  /** git itself gives up at the first answer that is lost. A push may be repeated: what has arrived is up to date. */
  private async onceMore(remotes: readonly GitRemote[], ask: () => Promise<GitResult>): Promise<GitResult> {
    const result = await ask();
    if (remotes.length === 0 || !wasLost(result)) return result;
    await setTimeout(betweenTriesMs, undefined, { signal: this.options.signal }).catch(() => undefined);
    return ask();
  }

  /** For questions to the cache alone, which must succeed: else the cache is no good. Throws `CorruptCache`. */
  async ask(args: readonly string[], input?: string): Promise<string> {
    const result = await this.run(args, { input });
    if (result.code === 0) return result.stdout;
    throw diskFailure(result.stderr) ?? new CorruptCache(result);
  }

  /** The error for a failed transfer, or for a cache that has turned out to be broken. */
  failure(remote: GitRemote, result: GitResult): ConnectorError | CorruptCache {
    return (
      diskFailure(result.stderr) ??
      (looksCorrupt(result) ? new CorruptCache(result) : this.remoteFailure(remote, result))
    );
  }

  /** The error for a question to a remote that failed. */
  remoteFailure(remote: GitRemote, result: GitResult): ConnectorError {
    return gitFailure(remote, result, this.options.now?.());
  }

  /** Throws everything away and begins anew. */
  async rebuild(): Promise<void> {
    await this.discard();
    await this.prepare();
  }

  /** Throws everything away: the next one who opens it begins anew. */
  async discard(): Promise<void> {
    this.lock.assertHeld();
    await rm(this.gitDir, { recursive: true, force: true });
  }

  /** Puts packs together when there are many. Cheap to call: it looks at the folder first. */
  async maintain(): Promise<void> {
    const packs = await readdir(join(this.gitDir, 'objects', 'pack')).catch(() => []);
    const loose = (await readdir(join(this.gitDir, 'objects')).catch(() => [])).length;
    // With 256 folders of loose objects there are some thousands of them.
    if (packs.filter((name) => name.endsWith('.pack')).length <= mostPacks && loose < 250) return;
    await this.run(['gc', '--quiet', '--prune=2.weeks.ago']).catch((error: unknown) => {
      if (ConnectorError.from(error).kind === 'interrupted') throw error;
    });
  }

  /** A remote with the certificates of its instance put where git reads them. They are no secret. */
  async trusting(remote: GitRemote, certificate: string | undefined): Promise<GitRemote> {
    if (certificate === undefined) return remote;
    const caFile = join(
      this.options.folder,
      `${this.options.connectionId}.${remote.name === 'GitLab' ? 'left' : 'right'}.pem`,
    );
    // git's option replaces what the system trusts, so that has to come along.
    await usable(() => writeFile(caFile, `${[...rootCertificates, certificate].join('\n')}\n`), this.options.folder);
    return { ...remote, caFile };
  }

  private async prepare(): Promise<void> {
    const isThere = await stat(join(this.gitDir, 'HEAD')).then(
      () => true,
      () => false,
    );
    if (isThere) {
      await this.removeStaleLocks();
      return;
    }
    await rm(this.gitDir, { recursive: true, force: true });
    const { code, stderr } = await this.run(['init', '--quiet', '--bare', '--initial-branch=main', this.gitDir]);
    if (code !== 0) throw unusable(this.options.folder, stderr.trim());
  }

  /** A killed git leaves lock files that would stop every later one; nobody else is at work here. */
  private async removeStaleLocks(): Promise<void> {
    const leftovers = ['packed-refs.lock', 'HEAD.lock', 'config.lock', 'shallow.lock', 'gc.pid'];
    await Promise.all(leftovers.map((name) => rm(join(this.gitDir, name), { force: true })));
    const refs = await readdir(join(this.gitDir, 'refs'), { recursive: true }).catch(() => []);
    const locks = refs.filter((name) => name.endsWith('.lock'));
    await Promise.all(locks.map((name) => rm(join(this.gitDir, 'refs', name), { force: true })));
    // What it had half received takes room and is of no use.
    const packs = join(this.gitDir, 'objects', 'pack');
    const halves = (await readdir(packs).catch(() => [])).filter((name) => /^\.?tmp[-_]/.test(name));
    await Promise.all(halves.map((name) => rm(join(packs, name), { force: true })));
  }
}

/** The cache cannot be relied on; it is made anew and the work begins again. */
export class CorruptCache extends Error {
  override readonly name = 'CorruptCache';

  constructor({ code, stderr }: GitResult) {
    super(`git ended with ${code}: ${stderr.trim().slice(-500)}`);
  }
}

async function usable<T>(work: () => Promise<T>, folder: string): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof ConnectorError) throw error;
    throw unusable(folder, error instanceof Error ? error.message : String(error));
  }
}

function unusable(folder: string, why: string): ConnectorError {
  const message = `The folder for git caches, ${folder}, cannot be used: ${why}`;
  const hint = 'WORK_DIR names another folder; by default it is the folder git in DATA_DIR.';
  return diskFailure(why) ?? new ConnectorError('config', message, { hint });
}
