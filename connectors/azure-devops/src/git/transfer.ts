import { ConnectorError } from '@syncline/connector-sdk';
import type { RefOperation } from '../refs/ref-plan.js';
import type { GitCache } from './git-cache.js';
import type { GitRemote } from './git-remote.js';
import { isPackRefused, parsePushReport, type PushedRef } from './push-report.js';

/** Refs in one push: arguments have a limit, and a push that fails whole is repeated in smaller parts. */
const refsPerPush = 400;
const shaPattern = /^[0-9a-f]{40}(?:[0-9a-f]{24})?$/;

/** Branches and tags of a remote: one question, nothing transferred. An empty repository has none. */
export async function listRefs(cache: GitCache, remote: GitRemote): Promise<ReadonlyMap<string, string>> {
  const args = ['ls-remote', '--quiet', '--refs', '--heads', '--tags', '--', remote.url];
  const result = await cache.runOutside(args, remote);
  if (result.code !== 0) throw cache.remoteFailure(remote, result);
  const refs = new Map<string, string>();
  for (const line of result.stdout.split('\n')) {
    const [sha = '', ref = ''] = line.split('\t');
    if (shaPattern.test(sha) && isPlainRef(ref)) refs.set(ref, sha);
  }
  return refs;
}

/** Where the cache keeps what GitLab has: apart from everything else, so that pruning is safe. */
function cached(ref: string): string {
  return ref.replace(/^refs\//, 'refs/gitlab/');
}

/** A cached ref that is gone in GitLab stands in the way of one that is a folder of it, or that it is a folder of. */
const isInTheWay = /exists; cannot create|some local refs could not be updated|refname conflict/i;

/**
 * Brings refs into the cache and tells their shas now: they may have moved since they were listed. Refs that are gone
 * meanwhile are absent from the answer.
 *
 * @param existing all that GitLab has: what else is cached may go where it is in the way
 */
export async function fetchRefs(
  cache: GitCache,
  remote: GitRemote,
  refs: readonly string[],
  existing: ReadonlyMap<string, string>,
): Promise<ReadonlyMap<string, string>> {
  const wanted = new Set(refs);
  let isPruned = false;
  while (wanted.size > 0) {
    const input = [...wanted].map((ref) => `+${ref}:${cached(ref)}\n`).join('');
    const result = await cache.run(
      ['fetch', '--quiet', '--no-tags', '--no-write-fetch-head', '--refmap=', '--stdin', '--', remote.url],
      { remotes: [remote], input },
    );
    if (result.code === 0) break;
    if (!isPruned && isInTheWay.test(result.stderr)) {
      await pruneCache(cache, existing);
      isPruned = true;
      continue;
    }
    const vanished = /couldn't find remote ref (\S+)/.exec(result.stderr)?.[1];
    if (vanished === undefined || !wanted.delete(vanished)) throw cache.failure(remote, result);
  }
  const text = await cache.ask(['for-each-ref', '--format=%(objectname) %(refname)', 'refs/gitlab/']);
  const shas = new Map(text.split('\n').map((line) => [line.slice(41), line.slice(0, 40)]));
  return new Map(
    [...wanted].flatMap((ref) => {
      const sha = shas.get(cached(ref));
      return sha === undefined ? [] : [[ref, sha] as const];
    }),
  );
}

/** Forgets cached refs that GitLab has no more, so that their objects can go. */
export async function pruneCache(cache: GitCache, existing: ReadonlyMap<string, string>): Promise<void> {
  const text = await cache.ask(['for-each-ref', '--format=%(refname)', 'refs/gitlab/']);
  const kept = new Set([...existing.keys()].map(cached));
  const gone = text.split('\n').filter((ref) => ref !== '' && !kept.has(ref));
  if (gone.length > 0) await cache.ask(['update-ref', '--stdin'], gone.map((ref) => `delete ${ref}\n`).join(''));
}

/** Fetches one commit by its sha; only what a branch or tag leads to can be had. */
export async function fetchCommit(cache: GitCache, remote: GitRemote, sha: string): Promise<void> {
  const known = await cache.run(['cat-file', '-e', `${sha}^{commit}`]);
  if (known.code === 0) return;
  const args = ['fetch', '--quiet', '--no-tags', '--no-write-fetch-head', '--refmap=', '--', remote.url, sha];
  const result = await cache.run(args, { remotes: [remote] });
  if (result.code === 0) return;
  if (/not our ref|no such remote ref|couldn't find remote ref/i.test(result.stderr)) {
    throw new ConnectorError('config', `GitLab has no commit ${sha}, or none that a branch or tag leads to.`);
  }
  throw cache.failure(remote, result);
}

/** The commits that tags lead to, by the sha of the tag's object; what leads to no commit is absent. */
export async function commitsOf(cache: GitCache, shas: readonly string[]): Promise<ReadonlyMap<string, string>> {
  if (shas.length === 0) return new Map();
  const input = shas.map((sha) => `${sha}^{commit}\n`).join('');
  const answers = (await cache.ask(['cat-file', '--batch-check=%(objectname)'], input)).split('\n');
  return new Map(
    shas.flatMap((sha, index) => {
      const commit = answers[index] ?? '';
      return shaPattern.test(commit) ? [[sha, commit] as const] : [];
    }),
  );
}

/** Which of the pairs are in one line: an older sha that the cache does not know is nobody's ancestor here. */
export async function findAncestors(
  cache: GitCache,
  pairs: readonly { readonly older: string; readonly newer: string }[],
): Promise<(older: string, newer: string) => boolean> {
  const found = new Set<string>();
  if (pairs.length > 0) {
    const input = pairs.map(({ older }) => `${older}^{commit}\n`).join('');
    const answers = (await cache.ask(['cat-file', '--batch-check=%(objecttype)'], input)).split('\n');
    for (const [index, { older, newer }] of pairs.entries()) {
      if (answers[index] !== 'commit') continue;
      const result = await cache.run(['merge-base', '--is-ancestor', older, newer]);
      if (result.code === 0) found.add(`${older} ${newer}`);
      // 1 says no; anything else is about the objects.
      else if (result.code !== 1) await cache.ask(['merge-base', '--is-ancestor', older, newer]);
    }
  }
  return (older, newer) => found.has(`${older} ${newer}`);
}

/**
 * Pushes by explicit shas, each ref only from the state it was seen in. `--force-with-lease` with a value is the server's
 * compare-and-swap; never a leading `+`, which would override it. One ref's refusal leaves the others alone.
 */
export async function pushRefs(
  cache: GitCache,
  remote: GitRemote,
  operations: readonly RefOperation[],
): Promise<readonly PushedRef[]> {
  const reports: PushedRef[] = [];
  for (let at = 0; at < operations.length; at += refsPerPush) {
    reports.push(...(await pushOnce(cache, remote, operations.slice(at, at + refsPerPush))));
  }
  return reports;
}

async function pushOnce(
  cache: GitCache,
  remote: GitRemote,
  operations: readonly RefOperation[],
): Promise<readonly PushedRef[]> {
  const leases = operations.map(({ target, lease }) => `--force-with-lease=${target}:${lease ?? ''}`);
  const refspecs = operations.map(({ target, sha }) => `${sha ?? ''}:${target}`);
  const args = ['push', '--porcelain', '--no-verify', ...leases, '--', remote.url, ...refspecs];
  const result = await cache.run(args, { remotes: [remote] });
  const report = parsePushReport(result.stdout);
  if (report.length === 0 && result.code !== 0) throw cache.failure(remote, result);
  // One commit too large must not hold up everything else.
  if (isPackRefused(report) && operations.length > 1) {
    const single: PushedRef[] = [];
    for (const operation of operations) single.push(...(await pushOnce(cache, remote, [operation])));
    return single;
  }
  return report;
}

/** What may be named on a command line and in git's own lines. Servers send nothing else; this does not rely on it. */
function isPlainRef(ref: string): boolean {
  // eslint's rule against control characters does not apply: they are what is looked for.
  return /^refs\/(?:heads|tags)\/[^\s~^:?*[\\]+$/.test(ref) && !ref.includes('..') && !/\p{Cc}/u.test(ref);
}
