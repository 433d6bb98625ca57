import { carryLfs, commitsWithLfs, hasLfs } from '../git/lfs.js';
import type { GitCache } from '../git/git-cache.js';
import type { GitRemote } from '../git/git-remote.js';
import type { RefOperation, RefVerdict } from '../refs/ref-plan.js';

/**
 * Lets no ref pass whose large files cannot come along. Files go before the commits that need them: a push that ends in
 * between leaves nobody with pointers to nothing. A plan carries nothing.
 */
export async function withholdLfs(
  { cache, left, right }: { readonly cache: GitCache; readonly left: GitRemote; readonly right: GitRemote },
  operations: readonly RefOperation[],
  azure: ReadonlyMap<string, string>,
  isPlan = false,
): Promise<{ readonly operations: readonly RefOperation[]; readonly withheld: readonly RefVerdict[] }> {
  const shas = operations.flatMap(({ sha }) => (sha === undefined ? [] : [sha]));
  const affected = shas.length === 0 ? new Set<string>() : await commitsWithLfs(cache, shas, [...azure.values()]);
  if (affected.size === 0) return { operations, withheld: [] };
  const isInstalled = await hasLfs(cache);
  const passing: RefOperation[] = [];
  const withheld: RefVerdict[] = [];
  for (const operation of operations) {
    const { source, target, sha, lease } = operation;
    if (sha === undefined || !affected.has(sha)) {
      passing.push(operation);
      continue;
    }
    const reason = isInstalled
      ? isPlan
        ? undefined
        : await carryLfs(cache, left, right, sha)
      : 'It uses Git LFS, and git-lfs is not installed where the hub runs: its files would arrive as pointers';
    if (reason === undefined) passing.push(operation);
    else withheld.push({ outcome: 'withheld', source, target, left: sha, right: lease, reason });
  }
  return { operations: passing, withheld };
}
