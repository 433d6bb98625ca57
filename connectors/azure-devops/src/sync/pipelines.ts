import { ConnectorError, type ChangeEvent, type Cursor, type SyncSession } from '@syncline/connector-sdk';
import { buildsSince, startPipeline, startsByItself, type BuildRecord } from '../azure/azure-builds.js';
import type { AzureClient } from '../azure/azure-client.js';
import type { AzureDevOpsConfig } from '../config.js';
import { shortRef } from '../refs/ref-plan.js';
import type { PushedChange } from './code-push-event.js';
import type { Ends } from './remotes.js';
import { reportToGitLab } from './status-back.js';

const stream = 'pipelines';
/** How long after a push its pipelines are looked for, and how long those that run are followed. */
const quietMs = 30 * 60_000;
const longestMs = 24 * 60 * 60_000;
/** Clocks of two machines. */
const skewMs = 10 * 60_000;
const mostWatched = 500;

/** A pushed branch whose pipelines are of interest. */
interface Watched {
  readonly ref: string;
  readonly sha: string;
  readonly at: string;
  /** The config names a pipeline that has to be started for it. */
  readonly toStart?: boolean;
}

interface PipelineMemory {
  readonly watched: readonly Watched[];
  /** What was last reported to GitLab, by build. */
  readonly told: Readonly<Record<string, string>>;
}

export interface PipelineParts {
  readonly session: SyncSession;
  readonly config: AzureDevOpsConfig;
  readonly ends: Ends;
  readonly azure: AzureClient;
}

/** Remembers pushed branches, before anybody is told of the push: a run that ends now is continued by the next. */
export async function watchPushed({ session, config }: PipelineParts, changes: readonly PushedChange[]): Promise<void> {
  const memory = await readMemory(session);
  const known = new Set(memory.watched.map(({ ref, sha }) => `${ref} ${sha}`));
  const toStart = config.trigger?.pipelineId !== undefined;
  const added = changes.flatMap(({ target, after, at }): Watched[] => {
    if (after === undefined || !target.startsWith('refs/heads/') || known.has(`${target} ${after}`)) return [];
    return [{ ref: target, sha: after, at, ...(toStart ? { toStart } : {}) }];
  });
  if (added.length === 0) return;
  // What could not be started for an older commit of a branch is not asked for any more.
  const moved = new Set(added.map(({ ref }) => ref));
  const before = memory.watched.map((one) => (moved.has(one.ref) ? { ref: one.ref, sha: one.sha, at: one.at } : one));
  await session.commit(stream, {}, cursorOf({ ...memory, watched: [...before, ...added].slice(-mostWatched) }));
}

/**
 * Starts what is to be started, and records how the pipelines of pushed commits are doing. Returns how much was stored. What
 * fails stays noted and is tried again; the rest goes on.
 */
export async function followPipelines(parts: PipelineParts): Promise<number> {
  const { session, config, ends, azure } = parts;
  const memory = await readMemory(session);
  if (memory.watched.length === 0) return 0;
  const repository = { projectId: ends.azure.projectId, id: ends.azure.id };
  const since = new Date(Math.min(...memory.watched.map(({ at }) => Date.parse(at))) - skewMs);
  let builds: readonly BuildRecord[];
  try {
    builds = await buildsSince(azure, repository, since);
  } catch (error) {
    return await withoutBuilds(parts, memory, ConnectorError.from(error));
  }
  const started = await startPending(parts, memory, builds);
  if (started.count > 0) builds = await buildsSince(azure, repository, since);
  const ours = builds.filter(({ sha }) => started.watched.some((one) => one.sha === sha));
  const told =
    config.statusBack === true
      ? await reportToGitLab(parts, ours, memory.told)
      : { told: memory.told, failure: undefined };
  const watched = started.watched.filter((one) => isOfInterest(one, ours, session.now()));
  const events = ours.map((build) => eventOf(ends, build));
  const cursor = cursorOf({ watched, told: watched.length === 0 ? {} : told.told });
  const stored = await session.commit(stream, { events }, cursor);
  const failures = [started.failure, told.failure].filter((one) => one !== undefined);
  const passing = failures.find(isPassing);
  if (passing !== undefined) throw passing;
  for (const failure of failures) session.failStream(stream, failure);
  return stored.created + stored.updated;
}

interface Started {
  readonly watched: readonly Watched[];
  readonly count: number;
  readonly failure?: ConnectorError;
}

/** Each at most once: a build of this commit that somebody asked for is taken for the one a lost run has started. */
async function startPending(
  { session, config, ends, azure }: PipelineParts,
  memory: PipelineMemory,
  builds: readonly BuildRecord[],
): Promise<Started> {
  const pipelineId = config.trigger?.pipelineId;
  const pending = memory.watched.filter(({ toStart }) => toStart === true);
  if (pipelineId === undefined || pending.length === 0) return { watched: memory.watched, count: 0 };
  const { projectId } = ends.azure;
  let watched = memory.watched;
  let count = 0;
  let failure: ConnectorError | undefined;
  try {
    if (await startsByItself(azure, projectId, pipelineId)) {
      session.log.warn(`The pipeline ${pipelineId} also starts by itself at each push: every push is built twice`, {
        item: `pipeline-${pipelineId}`,
      });
    }
  } catch (error) {
    return { watched, count, failure: unlessStopped(error) };
  }
  for (const one of pending) {
    const isStarted = builds.some(
      ({ definition, ref, sha, isManual }) =>
        definition.id === pipelineId && ref === one.ref && sha === one.sha && isManual,
    );
    try {
      if (!isStarted) await startPipeline(azure, projectId, pipelineId, one);
    } catch (error) {
      // The file that describes the pipeline may be missing on one branch, and there on another.
      failure ??= unlessStopped(error);
      continue;
    }
    count += isStarted ? 0 : 1;
    watched = watched.map((other) => (other === one ? { ref: one.ref, sha: one.sha, at: one.at } : other));
    await session.commit(stream, {}, cursorOf({ ...memory, watched }));
  }
  return { watched, count, ...(failure === undefined ? {} : { failure }) };
}

function unlessStopped(error: unknown): ConnectorError {
  const failure = ConnectorError.from(error);
  if (failure.kind === 'interrupted') throw failure;
  return failure;
}

/** Worth another try of the whole run soon. */
function isPassing({ kind }: ConnectorError): boolean {
  return kind === 'rate_limit' || kind === 'transient';
}

/** Until its builds are done, or none has come; never for longer than a day. */
function isOfInterest({ sha, at, toStart }: Watched, builds: readonly BuildRecord[], now: Date): boolean {
  const age = now.getTime() - Date.parse(at);
  if (age > longestMs) return false;
  return toStart === true || age < quietMs || builds.some((build) => build.sha === sha && !build.isDone);
}

/**
 * Pipelines are the smaller part: without the right to read them, code is carried all the same. Where they are wanted, each
 * run says that they are missing for as long as there would be something to tell.
 */
async function withoutBuilds(
  { session, config }: PipelineParts,
  memory: PipelineMemory,
  failure: ConnectorError,
): Promise<number> {
  if (failure.kind === 'interrupted' || isPassing(failure)) throw failure;
  const isWanted = config.trigger?.pipelineId !== undefined || config.statusBack === true;
  const now = session.now();
  if (isWanted) session.failStream(stream, failure);
  else session.log.info(`Pipelines are not shown: ${failure.message}`);
  const watched = isWanted ? memory.watched.filter((one) => isOfInterest(one, [], now)) : [];
  await session.commit(stream, {}, cursorOf({ watched, told: watched.length === 0 ? {} : memory.told }));
  return 0;
}

function eventOf(ends: Ends, build: BuildRecord): ChangeEvent {
  const { id, definition, queuedAt, startedAt, finishedAt, status, url, author } = build;
  const changedAt = finishedAt ?? startedAt ?? queuedAt;
  const seconds =
    startedAt === undefined || finishedAt === undefined ? null : (finishedAt.getTime() - startedAt.getTime()) / 1000;
  return {
    eventId: `azure-pipeline-${ends.azure.projectId}-${id}`,
    version: { updatedAt: changedAt },
    eventType: 'azure_pipeline',
    title: `${definition.name} ${build.number} on ${shortRef(build.ref)}`,
    status,
    ...(author === undefined ? {} : { author }),
    project: { id: String(ends.gitLab.id), path: ends.gitLab.path },
    ...(url === undefined ? {} : { url }),
    occurredAt: changedAt,
    metadata: {
      id,
      definition: definition.name,
      ref: shortRef(build.ref),
      sha: build.sha,
      reason: build.isManual ? 'manual' : 'push',
      durationSeconds: seconds,
    },
  };
}

async function readMemory(session: SyncSession): Promise<PipelineMemory> {
  // Only what this file wrote.
  const cursor = (await session.checkpoint(stream)) as Partial<PipelineMemory> | undefined;
  return { watched: cursor?.watched ?? [], told: cursor?.told ?? {} };
}

function cursorOf({ watched, told }: PipelineMemory): Cursor {
  return { watched: watched.map((one) => ({ ...one })), told };
}
