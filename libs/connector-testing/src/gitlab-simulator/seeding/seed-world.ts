import type { AccessToken, User } from '../model/people.js';
import type { Group, Project } from '../model/project.js';
import { Random } from '../world/random.js';
import type { World } from '../world/world.js';
import { seedMergeRequests } from './seed-merge-requests.js';
import { seedPipelines } from './seed-pipelines.js';
import { seedDeployments, seedRegistry, seedReleases } from './seed-shipping.js';
import { seedRepository } from './seed-repository.js';

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
}

export interface SeedOptions extends Partial<SeedSize> {
  readonly seed?: number | string;
  /** How far back things go. Default 90. */
  readonly days?: number;
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
};

export interface SeededWorld {
  readonly group: Group;
  readonly projects: readonly Project[];
  readonly people: readonly User[];
  /** A person who reads: developer in all projects. */
  readonly reader: User;
  /** The reader's, with `read_api`. */
  readonly token: AccessToken;
}

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

const names = ['Nora', 'Sam', 'Ada', 'Lin', 'Omar', 'Ines', 'Kofi', 'Mila'];
const projectNames = ['web', 'api', 'billing', 'search', 'mobile', 'gateway', 'reports', 'infra', 'docs', 'auth'];

/** Fills a world, the same one for the same seed and clock, without telling any hook. Sizes default to the bench world's. */
export function seedWorld(world: World, options: SeedOptions = {}): SeededWorld {
  const size = { ...benchSize, ...options };
  const random = new Random(`${options.seed ?? 1}/seeding`);
  const end = world.core.clock.read();
  const begin = end - (options.days ?? 90) * 86_400_000;
  return world.at(begin, () => {
    const people = names.map((name) => world.users.create({ username: name.toLowerCase(), name: `${name} Example` }));
    const group = world.groups.create({ path: 'acme', name: 'Acme' });
    const reader = world.users.create({ username: 'reader', name: 'Reader Example' });
    world.groups.setMember(group, reader, 'developer');
    const token = world.tokens.create({ user: reader, name: 'seeded', value: 'glpat-simulated-reader' });
    const context: SeedContext = { world, random, size, people, begin, end };
    const projects = Array.from({ length: size.projects }, (_, index) => {
      const base = projectNames[index % projectNames.length] ?? 'project';
      const round = Math.floor(index / projectNames.length);
      const path = round === 0 ? base : `${base}-${round + 1}`;
      return world.projects.create({ path, owner: group, description: `The ${path} of Acme` });
    });
    for (const project of projects) {
      seedRepository(context, project);
      seedMergeRequests(context, project);
      seedPipelines(context, project);
      seedReleases(context, project);
      seedRegistry(context, project);
      seedDeployments(context, project);
      project.lastActivityAt = end;
    }
    return { group, projects, people, reader, token };
  });
}

/** Times of `count` things in a row, evenly spread with some jitter, ascending. */
export function spread({ random, begin, end }: SeedContext, count: number): number[] {
  const step = (end - begin) / (count + 1);
  return Array.from({ length: count }, (_, index) => begin + Math.floor((index + 0.5 + random.next() * 0.9) * step));
}
