import type { CachedJson } from './cached-json.js';

/** One git commit. Times are milliseconds since the epoch; `offsetMinutes` is the author's zone, which GitLab keeps. */
export interface Commit extends CachedJson {
  readonly sha: string;
  readonly parents: readonly string[];
  readonly message: string;
  readonly authorName: string;
  readonly authorEmail: string;
  readonly authoredAt: number;
  readonly committedAt: number;
  readonly offsetMinutes: number;
  readonly additions: number;
  readonly deletions: number;
}

export function commitTitle(commit: Commit): string {
  return commit.message.split('\n', 1)[0] ?? '';
}

export interface Branch {
  readonly name: string;
  sha: string;
  protected: boolean;
}

export interface GitTag {
  readonly name: string;
  /** The commit the tag leads to. */
  readonly sha: string;
  /** The tag object's own sha where annotated, else the commit's. */
  readonly target: string;
  readonly message: string;
  /** Null for lightweight tags. */
  readonly createdAt: number | null;
}
