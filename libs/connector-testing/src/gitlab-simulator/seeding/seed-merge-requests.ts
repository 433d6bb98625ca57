import type { Project } from '../model/project.js';
import { anyCommit, branchNames, subject } from './seed-repository.js';
import { spread, type SeedContext } from './seed-context.js';

const labels = ['bug', 'feature', 'chore', 'docs', 'security'];
const files = ['src/main.ts', 'src/login.ts', 'src/invoice.ts', 'README.md', 'package.json', 'test/main.spec.ts'];

/** Of ten, seven are merged, one is closed and two are open. Their source branches are gone, as after a removal. */
export function seedMergeRequests(context: SeedContext, project: Project): void {
  const { world, random, size, people, end } = context;
  const targets = branchNames(size.branches);
  spread(context, size.mergeRequests).forEach((createdAt, index) => {
    const author = random.pick(people);
    const targetBranch = random.pick(targets);
    const mergeRequest = world.at(createdAt, () =>
      world.mergeRequests.create(project, {
        title: subject(context),
        description: `Made because of number ${index + 1}.`,
        author,
        targetBranch,
        labels: random.sample(labels, random.between(0, 2)),
        reviewers: [random.pick(people)],
        changedFiles: random.sample(files, random.between(1, files.length)),
        keepBranch: false,
        baseSha: anyCommit(context, project, targetBranch),
      }),
    );
    const later = Math.min(end, createdAt + random.between(60, 4 * 86_400) * 1000);
    const by = random.pick(people);
    const kind = index % 10;
    world.at(later, () => {
      if (kind < 2) return;
      const approvals = kind < 9 ? [{ user: by, at: later - 30_000 }] : [];
      world.mergeRequests.set(mergeRequest, {
        approvals,
        detailedMergeStatus: 'not_open',
        ...(kind < 9
          ? { state: 'merged', mergedAt: later, mergeUser: by, mergeCommitSha: anyCommit(context, project) }
          : { state: 'closed', closedAt: later, closedBy: by }),
      });
    });
  });
}
