import { createHash } from 'node:crypto';
import type { SyncSession } from '@syncline/connector-sdk';
import { patternsOf, type AzureDevOpsConfig } from '../config.js';
import type { GitCache } from '../git/git-cache.js';
import type { GitRemote } from '../git/git-remote.js';
import { explainRefusal, type PushedRef } from '../git/push-report.js';
import { fetchCommit, fetchRefs, findAncestors, listRefs, pruneCache, pushRefs } from '../git/transfer.js';
import { selectRefs } from '../refs/ref-patterns.js';
import {
  ancestryNeeded,
  planRefs,
  type RefOperation,
  type RefPlanInput,
  type RefVerdict,
  type WantedRef,
} from '../refs/ref-plan.js';
import { codePushEvent, type PushedChange } from './code-push-event.js';
import { withholdLfs } from './lfs-gate.js';
import { RefLinks, type Agreement } from './ref-links.js';
import { isTrouble, reviewProblems, type KnownProblems } from './ref-problems.js';
import type { Ends } from './remotes.js';
import { textOf, wantedRefs, type Task } from './wanted-refs.js';

export interface RefSyncParts {
  readonly session: SyncSession;
  readonly config: AzureDevOpsConfig;
  readonly ends: Ends;
  readonly cache: GitCache;
  readonly left: GitRemote;
  readonly right: GitRemote;
  /** Throws `EndsMoved` where a name no longer leads to the project it led to: asked before anything is carried. */
  readonly confirmEnds: () => Promise<void>;
}

export interface RefSyncOutcome {
  /** Refs looked at. */
  readonly looked: number;
  /** Refs that have changed in Azure DevOps. */
  readonly changes: readonly PushedChange[];
  /** Events that were new or changed. */
  readonly stored: number;
}

const stream = 'refs';
/** What a poll remembers: with the same refs on both sides there is nothing to do. */
interface Memory {
  readonly digest?: string;
  readonly problems: KnownProblems;
}

/**
 * One pass over the refs: what is there, what is to be done, intents, the push, a second look at Azure DevOps, the record.
 * It may end anywhere and be begun again: a push is a compare-and-swap per ref, and an intent tells whose work it was.
 */
export async function syncRefs(parts: RefSyncParts, task: Task): Promise<RefSyncOutcome> {
  const { session, config, ends, cache, left, right } = parts;
  const [gitLab, azure, memory] = await Promise.all([
    listRefs(cache, left),
    listRefs(cache, right),
    readMemory(session),
  ]);
  const selects = selectRefs(patternsOf(config));
  const digest = digestOf(config, gitLab, azure);
  if (task.kind === 'all' && memory.digest === digest) return { looked: gitLab.size, changes: [], stored: 0 };

  await parts.confirmEnds();
  const wanted = wantedRefs(task, gitLab, selects, ends);
  const links = new RefLinks(session, config, ends);
  const absent =
    task.kind === 'manual'
      ? []
      : [...azure.keys()].filter((ref) => !gitLab.has(ref) && (task.kind === 'all' || task.refs.has(ref)));
  await links.load([...wanted.map(({ target }) => target), ...absent]);
  const now = await bringIn(parts, wanted, azure);
  const input: RefPlanInput = {
    wanted: now,
    existing: new Set([
      ...gitLab.keys(),
      ...[...links.known].filter(([, { isRenamed }]) => isRenamed).map(([ref]) => ref),
    ]),
    target: azure,
    known: links.known,
    deletions: deletionsOf(parts, gitLab, links),
    divergence: config.divergence ?? 'stop',
    defaultBranch: ends.azure.defaultBranch,
  };
  const plan = planRefs(input, await findAncestors(cache, ancestryNeeded(input)));
  const { operations, withheld } = await withholdLfs(parts, plan.operations);
  session.progress(0, operations.length);

  const at = session.now();
  if (operations.length > 0) await links.intend(operations, at);
  const reports = operations.length === 0 ? [] : await pushRefs(cache, right, operations);
  // What was answered is one thing; what is there now is what counts.
  const after = operations.length === 0 ? azure : await listRefs(cache, right);
  const { changes, verdicts, failed } = judge(operations, reports, after, at);
  const recovered = recoveredChanges(plan.verdicts, links);
  const allVerdicts = [...plan.verdicts, ...withheld, ...verdicts];
  const allChanges = [...recovered, ...changes];
  session.progress(operations.length, operations.length);

  const inScope = scopeOf(task, now);
  const news = reviewProblems(session, allVerdicts, memory.problems, inScope);
  const events =
    allChanges.length === 0
      ? []
      : [
          codePushEvent(ends, allChanges, {
            message: textOf(session.request.params, 'message'),
            troubled: allVerdicts.filter(isTrouble).length,
          }),
        ];
  const settledAll = task.kind === 'all' && allVerdicts.length === plan.verdicts.length;
  const cursor = {
    problems: news.problems,
    ...(settledAll && sameAs(gitLab, now) ? { digest: digestOf(config, gitLab, after) } : {}),
  };
  const stored = await session.commit(stream, { events, setAside: news.setAside, settled: news.settled }, cursor);
  await links.agree(agreements(plan.verdicts, allChanges, links));
  if (failed.length > 0) await links.withdraw(failed);
  if (session.request.mode === 'full') await pruneCache(cache, gitLab);
  await cache.maintain();
  return { looked: wanted.length, changes: allChanges, stored: stored.created + stored.updated };
}

/** An emptied project looks like one whose branches were all deleted; nobody means that by `mirror`. */
function deletionsOf(
  { session, config }: RefSyncParts,
  gitLab: ReadonlyMap<string, string>,
  links: RefLinks,
): 'keep' | 'mirror' {
  const { deletions = 'keep' } = config;
  if (deletions === 'keep' || gitLab.size > 0) return deletions;
  if (links.known.size > 0) session.log.warn('The GitLab repository is empty: nothing is deleted in Azure DevOps');
  return 'keep';
}

/** Gets the objects of what differs. A ref may have moved since it was listed, or be gone: what was fetched counts. */
async function bringIn(
  { cache, left }: RefSyncParts,
  wanted: readonly WantedRef[],
  azure: ReadonlyMap<string, string>,
): Promise<readonly WantedRef[]> {
  const differing = wanted.filter(({ target, sha }) => azure.get(target) !== sha);
  const commits = differing.filter(({ source, sha }) => source === sha);
  for (const { sha } of commits) await fetchCommit(cache, left, sha);
  const refs = differing.filter(({ source, sha }) => source !== sha).map(({ source }) => source);
  const fetched = await fetchRefs(cache, left, refs);
  const isFetched = new Set(refs);
  return wanted.flatMap((ref) => {
    if (!isFetched.has(ref.source)) return [ref];
    const sha = fetched.get(ref.source);
    return sha === undefined ? [] : [{ ...ref, sha }];
  });
}

/** What became of each operation, by what Azure DevOps has now. */
function judge(
  operations: readonly RefOperation[],
  reports: readonly PushedRef[],
  after: ReadonlyMap<string, string>,
  at: Date,
): { changes: PushedChange[]; verdicts: RefVerdict[]; failed: string[] } {
  const byTarget = new Map(reports.map((report) => [report.target, report]));
  const changes: PushedChange[] = [];
  const verdicts: RefVerdict[] = [];
  const failed: string[] = [];
  for (const { kind, source = '', target, sha, lease } of operations) {
    const right = after.get(target);
    const report = byTarget.get(target);
    if (report?.status === 'done' || (report === undefined && right === sha)) {
      changes.push({
        source: source === '' ? target : source,
        target,
        outcome: outcomes[kind],
        ...(lease === undefined ? {} : { before: lease }),
        ...(sha === undefined ? {} : { after: sha }),
        at: at.toISOString(),
      });
      if (right === sha) continue;
      const reason = 'Azure DevOps has changed it again since it was pushed';
      verdicts.push({ outcome: 'diverged', source, target, left: sha, right, reason });
      continue;
    }
    failed.push(target);
    if (report?.status === 'refused') {
      verdicts.push({
        outcome: 'refused',
        source,
        target,
        left: sha,
        right,
        reason: explainRefusal(report.reason ?? ''),
      });
    } else {
      const reason = 'Azure DevOps has changed it while it was being pushed; nothing was overwritten';
      verdicts.push({ outcome: 'diverged', source, target, left: sha, right, reason });
    }
  }
  return { changes, verdicts, failed };
}

const outcomes = { create: 'created', 'fast-forward': 'updated', force: 'forced', delete: 'deleted' } as const;

/** Pushes of an earlier run that ended before it could say so: both sides agree, and an intent is still open. */
function recoveredChanges(verdicts: readonly RefVerdict[], links: RefLinks): PushedChange[] {
  return verdicts.flatMap(({ outcome, source, target, right }): PushedChange[] => {
    const known = links.known.get(target);
    if (outcome !== 'same' || known?.intended === undefined || known.intended !== right || known.at === undefined)
      return [];
    const { before, at } = known;
    const kind = before === undefined ? 'created' : 'updated';
    return [
      {
        source: source ?? target,
        target,
        outcome: kind,
        ...(before === undefined ? {} : { before }),
        after: right,
        at,
      },
    ];
  });
}

/** What is written down as agreed: what was pushed, what was found equal, what is gone. */
function agreements(verdicts: readonly RefVerdict[], changes: readonly PushedChange[], links: RefLinks): Agreement[] {
  const found = new Map<string, Agreement>();
  for (const { outcome, source, target, right } of verdicts) {
    const known = links.known.get(target);
    if (outcome === 'same' && right !== undefined && (known?.pushed !== right || known.intended !== undefined)) {
      found.set(target, { source: source ?? target, target, sha: right });
    }
    if (outcome === 'gone') found.set(target, { source: target, target, sha: null });
  }
  for (const { source, target, after } of changes) found.set(target, { source, target, sha: after ?? null });
  return [...found.values()];
}

function scopeOf(task: Task, wanted: readonly WantedRef[]): (ref: string) => boolean {
  if (task.kind === 'all') return () => true;
  const targets = new Set(wanted.map(({ target }) => target));
  return (ref) => targets.has(ref) || (task.kind === 'named' && task.refs.has(ref));
}

async function readMemory(session: SyncSession): Promise<Memory> {
  const cursor = await session.checkpoint(stream);
  const { digest, problems } = cursor ?? {};
  return {
    ...(typeof digest === 'string' ? { digest } : {}),
    // Only what this file wrote.
    problems: typeof problems === 'object' && problems !== null ? (problems as KnownProblems) : {},
  };
}

/** The refs were not moved between the list and the fetch. */
function sameAs(listed: ReadonlyMap<string, string>, wanted: readonly WantedRef[]): boolean {
  return wanted.every(({ source, sha }) => listed.get(source) === sha);
}

/** Everything the plan depends on. */
function digestOf(
  { branches, tags, deletions, divergence }: AzureDevOpsConfig,
  gitLab: ReadonlyMap<string, string>,
  azure: ReadonlyMap<string, string>,
): string {
  const hash = createHash('sha256').update(JSON.stringify([branches, tags, deletions, divergence]));
  for (const refs of [gitLab, azure]) {
    for (const [ref, sha] of refs) hash.update(`${sha} ${ref}\n`);
    hash.update('\0');
  }
  return hash.digest('base64');
}
