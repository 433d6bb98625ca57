import type { Branch, Commit, GitTag } from './commit.js';

/** How many branch heads keep their walked history in memory. */
const keptHistories = 12;

/** A git repository as the API sees it: a graph of commits, branches and tags. */
export class Repository {
  readonly branches = new Map<string, Branch>();
  readonly tags = new Map<string, GitTag>();
  private readonly commits = new Map<string, Commit>();
  private readonly histories = new Map<string, readonly Commit[]>();

  get empty(): boolean {
    return this.branches.size === 0;
  }

  add(commit: Commit): void {
    this.commits.set(commit.sha, commit);
  }

  /** Forgets a commit that nothing leads to any more, as housekeeping does. */
  prune(sha: string): void {
    this.commits.delete(sha);
    this.histories.delete(sha);
  }

  find(sha: string): Commit | undefined {
    return this.commits.get(sha);
  }

  get(sha: string): Commit {
    const commit = this.commits.get(sha);
    if (commit === undefined) throw new Error(`no commit ${sha}`);
    return commit;
  }

  /** A branch, tag, full ref, sha or the beginning of a sha (7 digits at least). */
  resolve(ref: string): Commit | undefined {
    const name = ref.replace(/^refs\/(heads|tags)\//, '');
    const sha = this.branches.get(name)?.sha ?? this.tags.get(name)?.sha ?? name;
    const commit = this.commits.get(sha);
    if (commit !== undefined || !/^[0-9a-f]{7,39}$/.test(sha)) return commit;
    for (const [candidate, found] of this.commits) if (candidate.startsWith(sha)) return found;
    return undefined;
  }

  /** The commit and all its ancestors, newest committer date first, as `git log` prints them. */
  history(sha: string): readonly Commit[] {
    const known = this.histories.get(sha);
    if (known !== undefined) return known;
    const head = this.commits.get(sha);
    if (head === undefined) return [];
    const parent = head.parents.length === 1 ? this.histories.get(head.parents[0] ?? '') : undefined;
    const walked = parent === undefined ? this.walk(head) : [head, ...parent];
    this.histories.set(sha, walked);
    const oldest = this.histories.keys().next();
    if (this.histories.size > keptHistories && oldest.done !== true) this.histories.delete(oldest.value);
    return walked;
  }

  /** What `to` has and `from` has not: git's `from..to`. */
  between(from: string, to: string): readonly Commit[] {
    const inside = this.history(to);
    const position = inside.findIndex((commit) => commit.sha === from);
    const straight = inside.slice(0, Math.max(position, 0));
    if (position >= 0 && straight.every((commit) => commit.parents.length < 2)) return straight;
    const excluded = new Set(this.history(from).map((commit) => commit.sha));
    return inside.filter((commit) => !excluded.has(commit.sha));
  }

  contains(head: string, sha: string): boolean {
    return head === sha || this.history(head).some((commit) => commit.sha === sha);
  }

  private walk(head: Commit): Commit[] {
    const walked: Commit[] = [];
    const seen = new Set([head.sha]);
    const waiting = [head];
    for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
      walked.push(next);
      for (const sha of next.parents) {
        const parent = this.commits.get(sha);
        if (parent === undefined || seen.has(sha)) continue;
        seen.add(sha);
        // The newest waits last; few wait at any time, so a scan is enough.
        let at = waiting.length;
        while (at > 0 && (waiting[at - 1]?.committedAt ?? 0) > parent.committedAt) at -= 1;
        waiting.splice(at, 0, parent);
      }
    }
    return walked;
  }
}
