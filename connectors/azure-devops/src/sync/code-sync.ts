import { ConnectorError, type ConnectionId, type SyncResult, type SyncSession } from '@syncline/connector-sdk';
import type { AzureClient } from '../azure/azure-client.js';
import { setDefaultBranch } from '../azure/azure-repository.js';
import type { AzureDevOpsConfig } from '../config.js';
import { cacheFolder } from '../git/cache-folder.js';
import { CorruptCache, GitCache } from '../git/git-cache.js';
import { DiskFull } from '../git/disk-full.js';
import { movedStatus } from '../git/git-failure.js';
import { azureRemote, gitLabRemote } from '../git/git-remote.js';
import type { RefOperation, RefVerdict } from '../refs/ref-plan.js';
import { followPipelines, watchPushed } from './pipelines.js';
import { foreseeRefusals } from './foresee-refusals.js';
import { syncRefs, type RefSyncOutcome } from './ref-sync.js';
import {
  azureClientOf,
  confirmGitLabEnd,
  EndsMoved,
  lookUpEnds,
  remember,
  rememberedEnds,
  type Ends,
} from './remotes.js';
import { tasksOf, textOf } from './wanted-refs.js';

/** One run: the ends, the cache, the refs, and what follows a push. */
export async function syncCode(
  session: SyncSession,
  config: AzureDevOpsConfig,
  connectionId: ConnectionId,
): Promise<SyncResult> {
  noteRequest(session);
  const azure = azureClientOf(session, config);
  const known = await rememberedEnds(session, config);
  const remembered = session.request.mode === 'full' ? undefined : known;
  const { signal } = session;
  const cache = await GitCache.open({
    folder: cacheFolder(),
    connectionId,
    signal,
    now: () => session.now(),
  });
  try {
    let ends = remembered ?? (await lookUpEnds(session, config, azure, known));
    let outcome: RefSyncOutcome;
    try {
      outcome = await carry({ session, config, azure, cache, ends, isFresh: remembered === undefined });
    } catch (error) {
      // Renamed, moved, deleted and made again: names and ids are looked up anew, once.
      if (remembered === undefined || !isAboutNames(error)) throw error;
      ends = await lookUpEnds(session, config, azure, known);
      outcome = await carry({ session, config, azure, cache, ends, isFresh: true });
    }
    if (session.request.kind === 'plan') return { fetched: outcome.looked, stored: 0 };
    await followDefaultBranch({ session, config, azure, ends, outcome });
    const followed = await followPipelines({ session, config, ends, azure });
    return { fetched: outcome.looked, stored: outcome.stored + followed };
  } finally {
    cache.close();
  }
}

function isAboutNames(error: unknown): boolean {
  if (error instanceof EndsMoved) return true;
  return error instanceof ConnectorError && (error.status === 404 || error.status === movedStatus);
}

interface Carrying {
  readonly session: SyncSession;
  readonly config: AzureDevOpsConfig;
  readonly azure: AzureClient;
  readonly cache: GitCache;
  readonly ends: Ends;
  /** The ends were looked up in this run. */
  readonly isFresh: boolean;
}

async function carry({ session, config, azure: client, cache, ends, isFresh }: Carrying): Promise<RefSyncOutcome> {
  const gitLab = config.gitlab.instance;
  const azure = config.azure.instance;
  const left = await cache.trusting(gitLabRemote(gitLab, ends.gitLab.path), gitLab.caCertificate);
  const right = await cache.trusting(azureRemote(azure, ends.azure.projectId, ends.azure.id), azure.caCertificate);
  const confirmEnds = isFresh ? () => Promise.resolve() : () => confirmGitLabEnd(session, config, ends);
  const onPushed = (changes: RefSyncOutcome['changes']): Promise<void> =>
    watchPushed({ session, config, ends, azure: client }, changes);
  const foresee = (operations: readonly RefOperation[]): Promise<readonly RefVerdict[]> =>
    foreseeRefusals(client, ends.azure, operations);
  const parts = { session, config, ends, cache, left, right, confirmEnds, onPushed, foresee };
  let [looked, stored, hasDefault] = [0, 0, false];
  const changes: RefSyncOutcome['changes'][number][] = [];
  for (const task of tasksOf(session.request, ends)) {
    const outcome = await withSoundCache(session, cache, () => syncRefs(parts, task));
    looked += outcome.looked;
    stored += outcome.stored;
    hasDefault ||= outcome.hasDefault;
    changes.push(...outcome.changes);
  }
  return { looked, stored, hasDefault, changes };
}

/** Keeps on the run what somebody has asked for, and the note, also where there turns out to be nothing to push. */
function noteRequest({ request, log }: SyncSession): void {
  const asked = ['ref', 'branch', 'message'].flatMap((name) => {
    const text = textOf(request.params, name);
    return text === undefined ? [] : [`${name} ${JSON.stringify(text.slice(0, mostNoted))}`];
  });
  if (asked.length > 0) log.info(`Asked for: ${asked.join(', ')}`);
}

const mostNoted = 2_000;

/** Azure DevOps takes the first branch it gets as the default one; GitLab's is meant. */
async function followDefaultBranch(parts: {
  readonly session: SyncSession;
  readonly config: AzureDevOpsConfig;
  readonly azure: AzureClient;
  readonly ends: Ends;
  readonly outcome: RefSyncOutcome;
}): Promise<void> {
  const { session, config, azure, ends, outcome } = parts;
  const name = ends.gitLab.defaultBranch;
  if (name === undefined || ends.azure.defaultBranch !== undefined) return;
  const wanted = `refs/heads/${name}`;
  // Also where an earlier run has brought it, and ended before it could do this.
  if (!outcome.hasDefault) return;
  try {
    await setDefaultBranch(azure, ends.azure, wanted);
  } catch (error) {
    const failure = ConnectorError.from(error);
    if (failure.kind === 'interrupted') throw failure;
    session.log.warn(`${name} could not be made the default branch in Azure DevOps: ${failure.message}`, {
      item: wanted,
    });
    // What passes by itself is tried again by the next run; what does not is said once.
    if (failure.kind === 'transient' || failure.kind === 'rate_limit') return;
  }
  await remember(session, config, { ...ends, azure: { ...ends.azure, defaultBranch: wanted } });
}

/** A cache that turns out to be broken is made anew, once: everything in it can be had again. */
async function withSoundCache<T>(session: SyncSession, cache: GitCache, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof DiskFull) await cache.discard();
    if (!(error instanceof CorruptCache)) throw error;
    session.log.warn('The git cache was damaged and is made anew', { data: { cause: error.message } });
    await cache.rebuild();
  }
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof CorruptCache)) throw error;
    throw new ConnectorError('transient', 'The git cache is damaged again right after it was made anew.', {
      hint: 'Look at the disk of the hub. If it is sound, the repository in GitLab may be damaged: try git fsck there.',
      cause: error,
    });
  }
}
