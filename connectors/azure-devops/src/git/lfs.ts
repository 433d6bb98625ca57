import type { GitCache } from './git-cache.js';
import type { GitRemote } from './git-remote.js';

/** Commits in one question. */
const batch = 200;

/**
 * Which of these commits say in a `.gitattributes` that files are kept by Git LFS: git itself would carry only pointers to
 * them, and whoever checks them out in Azure DevOps would find no content.
 */
export async function commitsWithLfs(cache: GitCache, shas: readonly string[]): Promise<ReadonlySet<string>> {
  const found = new Set<string>();
  const unique = [...new Set(shas)];
  for (let at = 0; at < unique.length; at += batch) {
    const part = unique.slice(at, at + batch);
    const args = ['grep', '--files-with-matches', '-e', 'filter=lfs', ...part, '--', ':(glob)**/.gitattributes'];
    const { code, stdout } = await cache.run(args);
    // 1 says that there is none.
    if (code !== 0) continue;
    for (const line of stdout.split('\n')) found.add(line.split(':')[0] ?? '');
  }
  found.delete('');
  return found;
}

/** Whether git-lfs is installed. */
export async function hasLfs(cache: GitCache): Promise<boolean> {
  return (await cache.run(['lfs', 'version'])).code === 0;
}

/**
 * Brings the files of a commit's history from one side to the other. The addresses are the remotes' own: what a
 * repository's `.lfsconfig` says could lead anywhere. Returns why it failed, or undefined.
 */
export async function carryLfs(
  cache: GitCache,
  left: GitRemote,
  right: GitRemote,
  sha: string,
): Promise<string | undefined> {
  for (const [remote, args] of [
    [left, ['lfs', 'fetch', '--', left.url, sha]],
    [right, ['lfs', 'push', '--', right.url, sha]],
  ] as const) {
    const settings = [['lfs.url', `${remote.url}/info/lfs`]] as const;
    const result = await cache.run(args, { remotes: [remote], settings });
    if (result.code !== 0) return `Git LFS: ${result.stderr.trim().split('\n').at(-1) ?? 'failed'}`;
  }
  return undefined;
}
