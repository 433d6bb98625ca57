import { seedIssues } from '../issues/seeding/seed-issues.js';
import type { AccessToken, User } from '../model/people.js';
import type { Group, Project } from '../model/project.js';
import { Random } from '../world/random.js';
import type { World } from '../world/world.js';
import { benchSize, type SeedContext, type SeedSize } from './seed-context.js';
import { seedMergeRequests } from './seed-merge-requests.js';
import { seedPipelines } from './seed-pipelines.js';
import { seedDeployments, seedRegistry, seedReleases } from './seed-shipping.js';
import { seedRepository } from './seed-repository.js';

export interface SeedOptions extends Partial<SeedSize> {
  readonly seed?: number | string;
  /** How far back things go. Default 90. */
  readonly days?: number;
}

export interface SeededWorld {
  readonly group: Group;
  readonly projects: readonly Project[];
  readonly people: readonly User[];
  /** A person who reads: developer in all projects. */
  readonly reader: User;
  /** The reader's, with `read_api`. */
  readonly token: AccessToken;
  /** A person who writes: developer in all projects. */
  readonly writer: User;
  /** The writer's, with `api`. */
  readonly writeToken: AccessToken;
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
    const writer = world.users.create({ username: 'writer', name: 'Writer Example' });
    world.groups.setMember(group, writer, 'developer');
    const writeToken = world.tokens.create({
      user: writer,
      scopes: ['api'],
      name: 'seeded',
      value: 'glpat-simulated-writer',
    });
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
      if (size.issues > 0) seedProjectIssues(context, project);
      project.lastActivityAt = end;
    }
    return { group, projects, people, reader, token, writer, writeToken };
  });
}

/** The same people write everywhere: those who have a role in the group. */
function seedProjectIssues({ world, size, people, begin, end }: SeedContext, project: Project): void {
  for (const person of people) world.projects.setMember(project, person, 'developer');
  const days = (end - begin) / 86_400_000;
  world.at(end, () => seedIssues(world, project, { issues: size.issues, comments: size.comments, people, days }));
}
