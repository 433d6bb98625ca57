/**
 * Reading a list in the order of `updated_at`, as pure decisions: which request comes next, given what the last one
 * answered. Rows move to the end when they are updated while we read, so pages by number lose rows: whoever moves away
 * pulls the later ones a place forward, over the page border. Hence:
 *
 * - The next page is not page 2, but page 1 of what was updated since the last row (inclusive, so ties stay in).
 * - Only where a whole page has one and the same time do page numbers count up. Rows that leave such a group pull the
 *   others to smaller page numbers, so once its end is found, its pages are read again backwards: who moves towards
 *   us cannot be missed.
 * - The mark is the remote's clock at the start of the pass and moves at its end; the next pass starts 120 s before it,
 *   because transactions become visible later than the times they write.
 * - Rows without any time are in no list filtered by time. They come first in PostgreSQL's descending order, so a pass
 *   from the beginning ends with reading these.
 */

/** Resumable, plain JSON. Without `position` the last pass is complete. */
export type WalkCursor = {
  /** When the last complete pass began, by the remote's clock; ISO 8601. */
  readonly mark?: string;
  readonly position?: WalkPosition;
};

export type WalkPosition = {
  /** When this pass began, by the remote's clock. */
  readonly startedAt: string;
  /** Inclusive. Absent: from the beginning. */
  readonly updatedAfter?: string;
  readonly page: number;
  /** Reading the rows without a time, at the end of a pass from the beginning. */
  readonly undated?: boolean;
  /** Going back over the pages of one time; `to` is where to go on after page 1, absent: the group was the last. */
  readonly back?: { readonly to?: string };
  /** The pass began at the beginning and left rows unread on its first page, so undated rows may exist. */
  readonly whole?: boolean;
  /** Where a way with tokens of its own stands, and the filter its token belongs to. Another way leaves it alone. */
  readonly hint?: { readonly after: string; readonly updatedAfter?: string };
};

export interface WalkRequest {
  readonly updatedAfter?: string;
  readonly page: number;
  readonly sort: 'asc' | 'desc';
}

export interface WalkAnswer {
  /** The rows' times in the order of the page; null: the row has none. */
  readonly times: readonly (Date | null)[];
  readonly hasNext: boolean;
  /** The remote's clock when it answered. */
  readonly serverDate: Date;
}

export interface WalkOptions {
  /** Where a first pass begins. */
  readonly since?: Date;
  /** The list may hold rows without a time. */
  readonly mayBeUndated?: boolean;
  readonly overlapMs?: number;
}

const OVERLAP_MS = 120_000;

/** What to ask next. */
export function nextRequest(cursor: WalkCursor | undefined, options: WalkOptions = {}): WalkRequest {
  const position = cursor?.position;
  if (position === undefined) return { updatedAfter: passStart(cursor, options), page: 1, sort: 'asc' };
  return { updatedAfter: position.updatedAfter, page: position.page, sort: position.undated ? 'desc' : 'asc' };
}

/** Where the walk stands after the answer; the pass is complete when the result has no `position`. */
export function advance(cursor: WalkCursor | undefined, answer: WalkAnswer, options: WalkOptions = {}): WalkCursor {
  const { hint: _hint, ...from } = cursor?.position ?? firstPosition(cursor, answer, options);
  const position = from.undated ? nextUndated(from, answer) : nextDated(from, answer);
  if (position !== undefined) return cursor?.mark === undefined ? { position } : { mark: cursor.mark, position };
  return { mark: from.startedAt };
}

/** From when on rows may have changed since the last complete pass; undefined: all of them. */
export function passStart(cursor: WalkCursor | undefined, options: WalkOptions): string | undefined {
  if (cursor?.mark === undefined) return options.since?.toISOString();
  return new Date(Date.parse(cursor.mark) - (options.overlapMs ?? OVERLAP_MS)).toISOString();
}

function firstPosition(cursor: WalkCursor | undefined, answer: WalkAnswer, options: WalkOptions): WalkPosition {
  const updatedAfter = passStart(cursor, options);
  const whole = updatedAfter === undefined && options.mayBeUndated === true && answer.hasNext;
  return {
    startedAt: answer.serverDate.toISOString(),
    page: 1,
    ...(updatedAfter === undefined ? {} : { updatedAfter }),
    ...(whole ? { whole } : {}),
  };
}

function nextDated(from: WalkPosition, answer: WalkAnswer): WalkPosition | undefined {
  if (from.back !== undefined && from.page > 1) return { ...from, page: from.page - 1 };
  if (from.back !== undefined) return from.back.to === undefined ? finished(from) : onward(from, from.back.to);
  const last = lastTime(answer.times);
  const isNewer =
    last !== undefined && (from.updatedAfter === undefined || last.getTime() > Date.parse(from.updatedAfter));
  if (answer.hasNext && !isNewer) return { ...from, page: from.page + 1 };
  // The last page of the group is left; the pages before it may have been filled up with rows from it meanwhile.
  if (from.page > 1)
    return { ...from, page: from.page - 1, back: answer.hasNext && isNewer ? { to: last.toISOString() } : {} };
  return answer.hasNext && isNewer ? onward(from, last.toISOString()) : finished(from);
}

function nextUndated(from: WalkPosition, answer: WalkAnswer): WalkPosition | undefined {
  if (from.back === undefined) {
    const onlyUndated = answer.times.every((time) => time === null);
    if (onlyUndated && answer.hasNext) return { ...from, page: from.page + 1 };
    return from.page > 1 ? { ...from, page: from.page - 1, back: {} } : undefined;
  }
  return from.page > 1 ? { ...from, page: from.page - 1 } : undefined;
}

function onward({ startedAt, whole }: WalkPosition, updatedAfter: string): WalkPosition {
  return { startedAt, updatedAfter, page: 1, ...(whole ? { whole } : {}) };
}

function finished({ startedAt, whole }: WalkPosition): WalkPosition | undefined {
  return whole ? { startedAt, page: 1, undated: true } : undefined;
}

/** The greatest, not the last: a page may end with rows that have no time. */
function lastTime(times: readonly (Date | null)[]): Date | undefined {
  let last: Date | undefined;
  for (const time of times) if (time !== null && (last === undefined || time > last)) last = time;
  return last;
}
