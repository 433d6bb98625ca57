import type { BareRepository } from '../../git-server/bare-repository.js';

export interface ReadCommit {
  readonly sha: string;
  readonly parents: readonly string[];
  readonly message: string;
  readonly at: number;
}

/** Commits of all branches and tags that none of the `known` shas leads to, parents before children. */
export async function readCommits(
  repository: BareRepository,
  known: readonly string[],
): Promise<readonly ReadCommit[]> {
  if (await repository.isEmpty()) return [];
  const format = '--format=%H%x00%P%x00%ct%x00%B%x01';
  const args = ['log', '--topo-order', '--reverse', format, '--branches', '--tags', '--stdin'];
  const text = await repository.git(args, known.map((sha) => `^${sha}\n`).join(''));
  const commits: ReadCommit[] = [];
  for (const entry of text.split('\x01')) {
    const [sha = '', parents = '', seconds = '', message = ''] = entry.replace(/^\n/, '').split('\0');
    if (sha === '') continue;
    commits.push({ sha, parents: parents.split(' ').filter((one) => one !== ''), message, at: Number(seconds) * 1000 });
  }
  return commits;
}
