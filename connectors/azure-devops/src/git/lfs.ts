import type { GitCache } from './git-cache.js';
import type { GitRemote } from './git-remote.js';
import { lastWords } from './git-failure.js';

/** Commits in one question. */
const batch = 200;

/**
 * Which of these commits bring files that Git LFS keeps: they, or commits that only they have, say so in a
 * `.gitattributes`. git itself would carry only pointers, and whoever checks them out would find no content.
 *
 * @param there what the other side has already
 */
export async function commitsWithLfs(
  cache: GitCache,
  shas: readonly string[],
  there: readonly string[],
): Promise<ReadonlySet<string>> {
  const unique = [...new Set(shas)];
  const found = await tipsWithLfs(cache, unique);
  const others = unique.filter((sha) => !found.has(sha));
  // Whoever stopped to use it has it in the history all the same.
  const known = others.length === 0 ? [] : await knownObjects(cache, there);
  if (others.length === 0 || !(await hasInHistory(cache, others, known))) return found;
  const all = new Set(found);
  for (const sha of others) if (await hasInHistory(cache, [sha], known)) all.add(sha);
  return all;
}

async function tipsWithLfs(cache: GitCache, shas: readonly string[]): Promise<ReadonlySet<string>> {
  const found = new Set<string>();
  for (let at = 0; at < shas.length; at += batch) {
    const part = shas.slice(at, at + batch);
    const args = ['grep', '--files-with-matches', '-e', 'filter=lfs', ...part, '--', ':(glob)**/.gitattributes'];
    const { code, stdout } = await cache.run(args);
    // 1 says that there is none.
    if (code !== 0) continue;
    for (const line of stdout.split('\n')) found.add(line.split(':')[0] ?? '');
  }
  found.delete('');
  return found;
}

async function hasInHistory(cache: GitCache, shas: readonly string[], known: readonly string[]): Promise<boolean> {
  const input = [...shas, ...known.map((sha) => `^${sha}`)].map((line) => `${line}\n`).join('');
  const args = ['log', '--max-count=1', '--format=%H', '-m', '-Gfilter=lfs', '--stdin', '--'];
  return (await cache.ask([...args, ':(glob)**/.gitattributes'], input)).trim() !== '';
}

async function knownObjects(cache: GitCache, shas: readonly string[]): Promise<string[]> {
  if (shas.length === 0) return [];
  const answers = await cache.ask(['cat-file', '--batch-check=%(objectname) %(objecttype)'], `${shas.join('\n')}\n`);
  return answers
    .split('\n')
    .flatMap((line) => (/ (?:commit|tag)$/.test(line) ? [line.slice(0, line.indexOf(' '))] : []));
}

/** Whether git-lfs is installed. */
export async function hasLfs(cache: GitCache): Promise<boolean> {
  return (await cache.run(['lfs', 'version'])).code === 0;
}

/**
 * Brings the files of a commit's whole history from one side to the other; what is there already is not sent again. The
 * addresses are the remotes' own: what a repository's `.lfsconfig` says could lead anywhere. Returns why it failed, or
 * undefined.
 */
export async function carryLfs(
  cache: GitCache,
  left: GitRemote,
  right: GitRemote,
  sha: string,
): Promise<string | undefined> {
  for (const [remote, verb] of [
    [left, 'fetch'],
    [right, 'push'],
  ] as const) {
    const settings = [
      ['lfs.url', `${remote.url}/info/lfs`],
      ['lfs.pushurl', `${remote.url}/info/lfs`],
      // A large upload over HTTP/2 is answered with 413 by Azure DevOps.
      ['http.version', 'HTTP/1.1'],
    ] as const;
    const result = await cache.run(['lfs', verb, '--all', remote.url, sha], { remotes: [remote], settings });
    if (result.code !== 0)
      return `Its large files could not be carried: ${lastWords(result.stderr) || 'git-lfs failed'}`;
  }
  return undefined;
}
