import type { User } from '../model/people.js';
import type { Random } from '../world/random.js';
import type { World } from '../world/world.js';

/** How much of everything; all but `projects` are per project. */
export interface SeedSize {
  readonly projects: number;
  readonly mergeRequests: number;
  readonly pipelines: number;
  readonly failedPipelines: number;
  readonly runningPipelines: number;
  readonly releases: number;
  /** Registry repositories. */
  readonly repositories: number;
  /** Image tags per registry repository. */
  readonly tags: number;
  readonly branches: number;
  readonly commitsPerBranch: number;
  /** How many of a branch's commits it shares with the default branch. */
  readonly sharedCommits: number;
  readonly deployments: number;
  readonly issues: number;
  /** Comments of each issue. */
  readonly comments: number;
}

/** The world that published figures of comparable tools were measured in: 10,400 objects. */
export const benchSize: SeedSize = {
  projects: 10,
  mergeRequests: 200,
  pipelines: 200,
  failedPipelines: 40,
  runningPipelines: 2,
  releases: 10,
  repositories: 3,
  tags: 10,
  branches: 2,
  commitsPerBranch: 300,
  sharedCommits: 100,
  deployments: 0,
  issues: 0,
  comments: 0,
};

/** For a first look and for tests: a few of everything. */
export const smallSize: SeedSize = {
  projects: 3,
  mergeRequests: 12,
  pipelines: 15,
  failedPipelines: 3,
  runningPipelines: 1,
  releases: 3,
  repositories: 1,
  tags: 3,
  branches: 2,
  commitsPerBranch: 20,
  sharedCommits: 8,
  deployments: 6,
  issues: 0,
  comments: 3,
};

/** More than 200,000 objects. */
export const largeSize: SeedSize = {
  projects: 10,
  mergeRequests: 8_000,
  pipelines: 8_000,
  failedPipelines: 400,
  runningPipelines: 2,
  releases: 200,
  repositories: 5,
  tags: 60,
  branches: 2,
  commitsPerBranch: 2_000,
  sharedCommits: 500,
  deployments: 500,
  issues: 0,
  comments: 3,
};

/** Issues alone: what the synchronisation of issues is measured with. */
export const issuesSize: SeedSize = {
  projects: 1,
  mergeRequests: 0,
  pipelines: 0,
  failedPipelines: 0,
  runningPipelines: 0,
  releases: 0,
  repositories: 0,
  tags: 0,
  branches: 1,
  commitsPerBranch: 1,
  sharedCommits: 0,
  deployments: 0,
  issues: 10_000,
  comments: 3,
};

/** What the parts of the seeding share. */
export interface SeedContext {
  readonly world: World;
  readonly random: Random;
  readonly size: SeedSize;
  readonly people: readonly User[];
  /** Milliseconds: the first moment anything happened, and the last. */
  readonly begin: number;
  readonly end: number;
}

/** Times of `count` things in a row, evenly spread with some jitter, ascending. */
export function spread({ random, begin, end }: SeedContext, count: number): number[] {
  const step = (end - begin) / (count + 1);
  return Array.from({ length: count }, (_, index) => begin + Math.floor((index + 0.5 + random.next() * 0.9) * step));
}
