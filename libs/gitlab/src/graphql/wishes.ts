import type { ProjectReads } from '../stream-reader.js';
import { passStart, type WalkCursor } from '../updated-walk.js';
import type { Part, Wish } from './pulse-board.js';

/** More branches than this are cheaper by REST, which takes fifty names at once. */
export const mostBranches = 20;

/** What a run wants to know of a project, as far as a shared answer can tell it. */
export function wishesOf(reads: ProjectReads): Wish[] {
  const { projectId, branches = [] } = reads;
  const wishes: Wish[] = [];
  if (reads.mergeRequests !== undefined && reads.doors?.includes('merge_requests') !== true)
    wishes.push(...walkWish('merge_requests', projectId, reads.mergeRequests));
  if (reads.pipelines !== undefined && reads.doors?.includes('pipelines') !== true)
    wishes.push(...walkWish('pipelines', projectId, reads.pipelines));
  if (reads.releases === true) wishes.push({ part: 'releases', projectId });
  if (reads.registryRepositories === true) wishes.push({ part: 'registry', projectId });
  if (branches.length > 0 && branches.length <= mostBranches) wishes.push({ part: 'branches', projectId, branches });
  return wishes;
}

/** A first or interrupted pass has too much to tell for a shared answer. */
function walkWish(part: Part, projectId: number, cursor: WalkCursor): Wish[] {
  const since = passStart(cursor, {});
  if (cursor.mark === undefined || cursor.position !== undefined || since === undefined) return [];
  return [{ part, projectId, mark: cursor.mark, since }];
}

/** From when on a wish has to be asked for; infinite where time does not matter. */
export function sinceMs({ since }: Wish): number {
  return since === undefined ? Number.POSITIVE_INFINITY : Date.parse(since);
}

export function earliest(wishes: readonly Wish[]): number {
  return Math.min(...wishes.map(sinceMs));
}
