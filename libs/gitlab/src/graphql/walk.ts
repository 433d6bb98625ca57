import type { WalkCursor, WalkPosition } from '../updated-walk.js';
import { type WalkOptions, passStart } from '../updated-walk.js';

/**
 * Walking a connection so that REST can go on after any page, and the other way round. The cursor holds what REST needs; the
 * token of this connection, and the filter it belongs to, come along as a hint that only this way reads.
 */
export interface WalkStep {
  /** When the pass began, by the remote's clock; absent on its first page. */
  readonly startedAt?: string;
  /** ISO 8601, inclusive; absent: everything. Stays the same for a whole pass, because the token belongs to it. */
  readonly updatedAfter?: string;
  /** Token of the last page. */
  readonly after?: string;
}

/** What to ask next. `newestFirst`: the list is not in the order of change, so REST's place in it means little. */
export function nextStep(
  cursor: WalkCursor | undefined,
  options: WalkOptions,
  order: 'updated' | 'newestFirst',
): WalkStep {
  const position = cursor?.position;
  if (position === undefined) return bounded(passStart(cursor, options));
  const { startedAt, hint } = position;
  if (hint !== undefined) return { startedAt, after: hint.after, ...bounded(hint.updatedAfter) };
  // REST reads rows without a time at the end of such a pass; here they are among the others.
  if (order === 'newestFirst' && (position.whole === true || position.undated === true)) return { startedAt };
  return { startedAt, ...bounded(position.updatedAfter) };
}

/** What came, as far as it matters to the walk. */
export interface WalkPage {
  readonly startedAt: string;
  /** Greatest time on the page, for a list in the order of change. */
  readonly lastUpdatedAt: Date | undefined;
  /** Absent on the last page. */
  readonly endCursor?: string;
}

/** Where the walk stands after a page; complete without a `position`. */
export function afterPage(
  cursor: WalkCursor | undefined,
  step: WalkStep,
  page: WalkPage,
  order: 'updated' | 'newestFirst',
): WalkCursor {
  const startedAt = step.startedAt ?? page.startedAt;
  if (page.endCursor === undefined) return { mark: startedAt };
  const hint = { after: page.endCursor, ...bounded(step.updatedAfter) };
  // Whoever goes on by REST does so from the last row in order of change, or from the beginning of the pass.
  const reached =
    order === 'updated' ? (page.lastUpdatedAt?.toISOString() ?? restPlace(cursor, step)) : step.updatedAfter;
  const whole = order === 'newestFirst' && step.updatedAfter === undefined;
  const position: WalkPosition = { startedAt, page: 1, ...bounded(reached), ...(whole ? { whole } : {}), hint };
  return cursor?.mark === undefined ? { position } : { mark: cursor.mark, position };
}

function restPlace(cursor: WalkCursor | undefined, step: WalkStep): string | undefined {
  return cursor?.position?.updatedAfter ?? step.updatedAfter;
}

function bounded(updatedAfter: string | undefined): { updatedAfter?: string } {
  return updatedAfter === undefined ? {} : { updatedAfter };
}
