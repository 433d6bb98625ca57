import type { SyncSession } from '@syncline/connector-sdk';
import { patternsOf, type AzureDevOpsConfig } from '../config.js';
import type { GitCache } from '../git/git-cache.js';
import type { GitRemote } from '../git/git-remote.js';
import { explainRefusal, type PushedRef } from '../git/push-report.js';
import { commitsOf, fetchCommit, fetchRefs, findAncestors, listRefs, pruneCache, pushRefs } from '../git/transfer.js';
import { selectRefs } from '../refs/ref-patterns.js';
import {
  ancestryNeeded,
  planRefs,
  shortRef,
  type RefOperation,
  type RefPlanInput,
  type RefVerdict,
  type WantedRef,
} from '../refs/ref-plan.js';
import { codePushEvent, type PushedChange } from './code-push-event.js';
import { withholdLfs } from './lfs-gate.js';
import { planItems } from './plan-items.js';
import { RefLinks, type Agreement } from './ref-links.js';
import { cursorOf, digestOf, readRefMemory, refStream, type RefMemory } from './ref-memory.js';
import { isTrouble, reviewProblems, type ProblemNews } from './ref-problems.js';
import type { Ends } from './remotes.js';
import { badParameter, textOf, wantedRefs, type Task } from './wanted-refs.js';

export interface RefSyncParts {
  readonly session: SyncSession;
  readonly config: AzureDevOpsConfig;
  readonly ends: Ends;
  readonly cache: GitCache;
  readonly left: GitRemote;
  readonly right: GitRemote;
  /** Throws `EndsMoved` where a name no longer leads to the project it led to: asked before anything is carried. */
  readonly confirmEnds: () => Promise<void>;
  /** Of a plan: operations that Azure DevOps would refuse, as far as it tells beforehand. */
  readonly foresee: (operations: readonly RefOperation[]) => Promise<readonly RefVerdict[]>;
  /** Told of what was pushed before it is recorded; told again by the next run if this one ends in between. */
  readonly onPushed: (changes: readonly PushedChange[]) => Promise<void>;
}

export interface RefSyncOutcome {
  /** Refs looked at. */
  readonly looked: number;
  /** Azure DevOps has the branch that is the default one in GitLab. */
  readonly hasDefault: boolean;
  /** Refs that have changed in Azure DevOps. */
  readonly changes: readonly PushedChange[];
  /** Events that were new or changed. */
  readonly stored: number;
}

/**
 * One pass over the refs: what is there, what is to be done, intents, the push, a second look at Azure DevOps, the record.
 * It may end anywhere and be begun again: a push is a compare-and-swap per ref, and an intent tells whose work it was.
 */
export async function syncRefs(parts: RefSyncParts, task: Task): Promise<RefSyncOutcome> {
  const { session, config, ends, cache, left, right } = parts;
  // A hook of another project, or of what is not carried.
  if (task.kind === 'named' && task.refs.size === 0) return { looked: 0, hasDefault: false, changes: [], stored: 0 };
  const isPlan = session.request.kind === 'plan';
  const [gitLab, azure, memory] = await Promise.all([
    listRefs(cache, left),
    // A repository that a sync would create has no refs yet.
    ends.azure.id === '' ? new Map<string, string>() : listRefs(cache, right),
    readRefMemory(session),
  ]);
  const selects = selectRefs(patternsOf(config));
  const digest = digestOf(config, gitLab, azure);
  if (!isPlan && task.kind === 'all' && memory.digest === digest)
    return { looked: gitLab.size, hasDefault: hasDefault(ends, azure), changes: [], stored: 0 };

  await parts.confirmEnds();
  const wanted = wantedRefs(task, gitLab, selects, ends);
  const links = new RefLinks(session, config, ends);
  await links.load([
    ...wanted.map(({ target }) => target),
    ...absentRefs(task, gitLab, azure),
    ...(memory.deleting ?? []),
  ]);
  const linked = wanted.filter(({ target }) => !links.severed.has(target));
  const now = await bringIn(parts, linked, gitLab, azure);
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
  const { operations, withheld } = await withholdLfs(parts, plan.operations, azure, isPlan);
  if (isPlan) {
    const refused = await parts.foresee(operations);
    const pushed = operations.filter(({ target }) => !refused.some((verdict) => verdict.target === target));
    await session.planned(planItems(pushed, [...plan.verdicts, ...withheld, ...refused], links));
    return { looked: wanted.length, hasDefault: false, changes: [], stored: 0 };
  }
  session.progress(0, operations.length);

  const at = session.now();
  await announceIntent(parts, links, operations, memory, at);
  const reports = operations.length === 0 ? [] : await pushRefs(cache, right, operations);
  // What was answered is one thing; what is there now is what counts.
  const after = operations.length === 0 ? azure : await listRefs(cache, right);
  const { changes, verdicts, failed } = judge(operations, reports, after, at);
  const recovered = recoveredChanges(plan.verdicts, links).filter((change) => change.at !== memory.announced);
  const allVerdicts = [...plan.verdicts, ...withheld, ...verdicts];
  const allChanges = [...recovered, ...changes];
  session.progress(operations.length, operations.length);

  const news = reviewProblems(session, allVerdicts, memory.problems, scopeOf(task, now));
  if (allChanges.length > 0) await parts.onPushed(allChanges);
  const stored = await record(parts, {
    changes: allChanges,
    verdicts: allVerdicts,
    news,
    memory,
    links,
    failed,
    planned: plan.verdicts,
  });
  // Last of all: with a digest the next poll looks no further.
  // Where something was pushed or deleted, a name that was taken may be free now.
  const isWaiting = operations.length > 0 && plan.verdicts.some(({ outcome }) => outcome === 'name_clash');
  const isSettled =
    task.kind === 'all' && allVerdicts.length === plan.verdicts.length && !isWaiting && sameAs(gitLab, now);
  const cursor = { problems: news.problems, ...(isSettled ? { digest: digestOf(config, gitLab, after) } : {}) };
  await session.commit(refStream, {}, cursor);
  if (session.request.mode === 'full') await pruneCache(cache, gitLab);
  await cache.maintain();
  return { looked: wanted.length, hasDefault: hasDefault(ends, after), changes: allChanges, stored };
}

function hasDefault({ gitLab: { defaultBranch } }: Ends, azure: ReadonlyMap<string, string>): boolean {
  return defaultBranch !== undefined && azure.has(`refs/heads/${defaultBranch}`);
}

/** Refs of Azure DevOps that GitLab has not: perhaps deleted there, perhaps never ours. */
function absentRefs(task: Task, gitLab: ReadonlyMap<string, string>, azure: ReadonlyMap<string, string>): string[] {
  if (task.kind === 'manual') return [];
  return [...azure.keys()].filter((ref) => !gitLab.has(ref) && (task.kind === 'all' || task.refs.has(ref)));
}

/** Writes down what is about to be pushed. */
async function announceIntent(
  { session }: RefSyncParts,
  links: RefLinks,
  operations: readonly RefOperation[],
  memory: RefMemory,
  at: Date,
): Promise<void> {
  if (operations.length === 0) return;
  await links.intend(operations, at);
  const deleting = operations.filter(({ kind }) => kind === 'delete').map(({ target }) => target);
  if (deleting.length > 0) await session.commit(refStream, {}, { ...cursorOf(memory), deleting });
}

/** The event and what was refused in one go, then the links. In this order a push never goes unmentioned. */
async function record(
  { session, ends }: RefSyncParts,
  found: {
    readonly changes: readonly PushedChange[];
    readonly verdicts: readonly RefVerdict[];
    readonly planned: readonly RefVerdict[];
    readonly failed: readonly string[];
    readonly news: ProblemNews;
    readonly memory: RefMemory;
    readonly links: RefLinks;
  },
): Promise<number> {
  const { changes, verdicts, planned, failed, news, memory, links } = found;
  const troubled = verdicts.filter(isTrouble);
  let stored = 0;
  if (changes.length > 0 || news.setAside.length > 0 || news.settled.length > 0) {
    const message = textOf(session.request.params, 'message');
    const events = changes.length === 0 ? [] : [codePushEvent(ends, changes, { message, troubled: troubled.length })];
    const newest = changes
      .map(({ at }) => at)
      .sort()
      .at(-1);
    const cursor = {
      ...cursorOf(memory),
      problems: news.problems,
      ...(newest === undefined ? {} : { announced: newest }),
    };
    const { setAside, settled } = news;
    const counts = await session.commit(refStream, { events, setAside, settled }, cursor);
    stored = counts.created + counts.updated;
  }
  await links.agree(agreements(planned, changes, links));
  await links.differ(troubled);
  const explained = new Set(troubled.map(({ target }) => target));
  await links.withdraw(failed.filter((target) => !explained.has(target)));
  return stored;
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
  gitLab: ReadonlyMap<string, string>,
  azure: ReadonlyMap<string, string>,
): Promise<readonly WantedRef[]> {
  const differing = wanted.filter(({ target, sha }) => azure.get(target) !== sha);
  const commits = differing.filter(({ source, sha }) => source === sha);
  for (const { sha } of commits) await fetchCommit(cache, left, sha);
  const refs = differing.filter(({ source, sha }) => source !== sha).map(({ source }) => source);
  const fetched = await fetchRefs(cache, left, refs, gitLab);
  const isFetched = new Set(refs);
  const now = wanted.flatMap((ref) => {
    if (!isFetched.has(ref.source)) return [ref];
    const sha = fetched.get(ref.source);
    return sha === undefined ? [] : [{ ...ref, sha }];
  });
  return asCommits(cache, now);
}

/** A branch holds commits only: of a tag that is to become one, what the tag leads to. */
async function asCommits(cache: GitCache, refs: readonly WantedRef[]): Promise<readonly WantedRef[]> {
  const isOther = ({ source, target }: WantedRef): boolean =>
    target.startsWith('refs/heads/') && !source.startsWith('refs/heads/');
  const commits = await commitsOf(
    cache,
    refs.filter(isOther).map(({ sha }) => sha),
  );
  return refs.map((ref) => {
    if (!isOther(ref)) return ref;
    const sha = commits.get(ref.sha);
    if (sha === undefined)
      throw badParameter('ref', `${shortRef(ref.source)} leads to no commit, and a branch needs one.`);
    return { ...ref, sha };
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
    // An answer may be lost, and git may have asked again by itself: then it says that the lease is stale.
    if (report?.status === 'done' || right === sha) {
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

/** Pushes of an earlier run that ended before it could say so: the sides are as intended, and the intent is still open. */
function recoveredChanges(verdicts: readonly RefVerdict[], links: RefLinks): PushedChange[] {
  return verdicts.flatMap(({ outcome, source, target, right }): PushedChange[] => {
    const known = links.known.get(target);
    if (known?.at === undefined) return [];
    const { before, at, intended } = known;
    const done = { source: source ?? target, target, at, ...(before === undefined ? {} : { before }) };
    if (outcome === 'gone' && intended === undefined) return [{ ...done, outcome: 'deleted' }];
    if (outcome !== 'same' || intended === undefined || intended !== right) return [];
    return [{ ...done, outcome: before === undefined ? 'created' : 'updated', after: right }];
  });
}

/** What is written down as agreed: what was pushed, what was found equal, what is gone. */
function agreements(verdicts: readonly RefVerdict[], changes: readonly PushedChange[], links: RefLinks): Agreement[] {
  const found = new Map<string, Agreement>();
  for (const { outcome, source, target, right } of verdicts) {
    const known = links.known.get(target);
    const isNews = known?.pushed !== right || known?.intended !== undefined || known?.mark !== undefined;
    if (outcome === 'same' && right !== undefined && isNews) {
      found.set(target, { source: source ?? target, target, sha: right });
    }
    if (outcome === 'gone' && known?.isGone !== true) found.set(target, { source: target, target, sha: null });
  }
  for (const { source, target, after } of changes) found.set(target, { source, target, sha: after ?? null });
  return [...found.values()];
}

function scopeOf(task: Task, wanted: readonly WantedRef[]): (ref: string) => boolean {
  if (task.kind === 'all') return () => true;
  const targets = new Set(wanted.map(({ target }) => target));
  return (ref) => targets.has(ref) || (task.kind === 'named' && task.refs.has(ref));
}

/** The refs were not moved between the list and the fetch. */
function sameAs(listed: ReadonlyMap<string, string>, wanted: readonly WantedRef[]): boolean {
  return wanted.every(({ source, sha }) => listed.get(source) === sha);
}
