import type { MemoryProject } from '@syncline/connector-testing';
import { readFrame } from '../src/index.js';
import type { Pair, World } from './pair-world.js';

/**
 * Runs until nothing changes any more: lost answers are waited out, what was set aside is tried again. `full`: every
 * other run looks at everything, which heals what an incremental one would have forgotten.
 */
export async function settle(world: World, pairs: readonly Pair[], full = true): Promise<void> {
  let quiet = 0;
  for (let round = 0; round < 40 && quiet < 2; round += 1) {
    const before = pairs.reduce((sum, pair) => sum + pair.writes, 0);
    world.pass(25 * 3_600_000);
    for (const pair of pairs) await pair.run({ mode: round % 2 === 0 || !full ? 'incremental' : 'full' });
    quiet = pairs.reduce((sum, pair) => sum + pair.writes, 0) === before ? quiet + 1 : 0;
  }
  if (quiet < 2) throw new Error('the runs never came to rest');
}

/** The promise that matters most: three more runs of each kind write nothing. */
export async function expectIdle(pairs: readonly Pair[]): Promise<number> {
  const before = pairs.reduce((sum, pair) => sum + pair.writes, 0);
  for (const mode of ['incremental', 'full', 'incremental'] as const) {
    for (const pair of pairs) await pair.sync({ mode });
  }
  return pairs.reduce((sum, pair) => sum + pair.writes, 0) - before;
}

/** Names of things of one place in a text, by what they stand for: keys depend on what was made first. */
function named(project: MemoryProject, text: string): string {
  return text
    .replace(/\/uploads\/[0-9a-f]{32}\//g, '/uploads/.../')
    .replace(/(?<![\w/&])#(\d+)/g, (_all, key: string) => `#<${project.issues.get(key)?.title ?? key}>`);
}

/** What people of a project see, without what is only true of one place: keys, times, frames. */
export function seen(project: MemoryProject): unknown {
  const issues = [...project.issues.values()].map((issue) => ({
    title: issue.title,
    description: named(project, readFrame(issue.description).body),
    state: issue.state,
    labels: issue.labels,
    assignees: issue.assignees,
    milestone: issue.milestone?.title ?? null,
    dueDate: issue.dueDate,
    weight: issue.weight,
    confidential: issue.confidential,
    comments: project
      .commentsOf(issue.key)
      .map(({ body, internal }) => ({ text: named(project, readFrame(body).body), internal })),
  }));
  return {
    issues: issues.sort((one, other) => JSON.stringify(one).localeCompare(JSON.stringify(other))),
    labels: [...project.labels.keys()].sort(),
    milestones: [...project.milestones.values()].map(({ title, dueDate }) => `${title} ${dueDate ?? ''}`).sort(),
  };
}
