import type { Project } from '../model/project.js';
import { spread, type SeedContext } from './seed-context.js';

const verbs = ['Fix', 'Add', 'Speed up', 'Remove', 'Rework', 'Document', 'Test', 'Simplify'];
const things = [
  'login',
  'search index',
  'invoice export',
  'retry loop',
  'health check',
  'cache',
  'audit log',
  'importer',
];

/** A sentence as people write them above changes. */
export function subject(context: Pick<SeedContext, 'random'>): string {
  return `${context.random.pick(verbs)} the ${context.random.pick(things)}`;
}

export function branchNames(count: number): string[] {
  return [
    'main',
    'develop',
    ...Array.from({ length: Math.max(0, count - 2) }, (_, index) => `team/${index + 1}`),
  ].slice(0, count);
}

/** Branches with exactly the asked number of commits each; all but the first share their beginning with it. */
export function seedRepository(context: SeedContext, project: Project): void {
  const { world, size } = context;
  const moments = spread(context, size.commitsPerBranch);
  const shared = Math.min(size.sharedCommits, size.commitsPerBranch);
  let fork: string | undefined;
  branchNames(size.branches).forEach((branch, index) => {
    let head = index === 0 ? undefined : fork;
    moments.forEach((moment, position) => {
      if (index > 0 && position < shared) return;
      head = world.git.commit(project, head, {
        message: `${subject(context)}\n`,
        author: context.random.pick(context.people),
        at: moment + index * 1000,
        offsetMinutes: 120,
      }).sha;
      if (index === 0 && position === shared - 1) fork = head;
    });
    if (head !== undefined) world.git.moveBranch(project, branch, head);
  });
}

/** A commit of a branch, by default of the default branch. */
export function anyCommit({ random }: SeedContext, project: Project, branch = project.defaultBranch): string {
  const head = project.repository.branches.get(branch)?.sha;
  const history = head === undefined ? [] : project.repository.history(head);
  return history.length === 0 ? random.sha() : random.pick(history).sha;
}
