import type { MemoryProject, StoredIssue } from '@syncline/connector-testing';
import { World, type Pair } from './pair-world.js';

/** Two projects that are kept in step. */
export interface Place {
  readonly world: World;
  readonly pair: Pair;
  readonly a: MemoryProject;
  readonly b: MemoryProject;
}

export function place(setup: Parameters<World['pair']>[2] = {}): Place {
  const world = new World();
  return { world, pair: world.pair('a', 'b', setup), a: world.project('a'), b: world.project('b') };
}

/** The one issue of a project. */
export function only(project: MemoryProject): StoredIssue {
  const [issue] = project.issues.values();
  if (issue === undefined) throw new Error('the project has no issue');
  return issue;
}
