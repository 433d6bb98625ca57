import { diff3Merge, diffIndices } from 'node-diff3';

/** A changed stretch: lines `[fromStart, fromEnd)` of one text stand where the other has `[toStart, toEnd)`. */
export interface Hunk {
  readonly fromStart: number;
  readonly fromEnd: number;
  readonly toStart: number;
  readonly toEnd: number;
}

export type MergedBlock =
  | { readonly lines: readonly string[] }
  | { readonly left: readonly string[]; readonly base: readonly string[]; readonly right: readonly string[] };

export const splitLines = (text: string): string[] => (text === '' ? [] : text.split('\n'));
export const joinLines = (lines: readonly string[]): string => lines.join('\n');

/** How many steps the search may take (well under a second); beyond it the whole stretch counts as changed. */
const maxSteps = 200_000_000;

function commonEnds(texts: readonly (readonly string[])[]): { start: number; end: number } {
  const [first = []] = texts;
  const shortest = Math.min(...texts.map((lines) => lines.length));
  let start = 0;
  while (start < shortest && texts.every((lines) => lines[start] === first[start])) start += 1;
  let end = 0;
  while (end < shortest - start && texts.every((lines) => lines.at(-1 - end) === first.at(-1 - end))) end += 1;
  return { start, end };
}

/** The search takes a step per pair of equal lines (thousands of empty ones!) and line in common. */
function tooLong(one: readonly string[], other: readonly string[]): boolean {
  const counts = new Map<string, number>();
  for (const line of one) counts.set(line, (counts.get(line) ?? 0) + 1);
  let pairs = 0;
  for (const line of other) pairs += counts.get(line) ?? 0;
  return pairs * Math.min(one.length, other.length) > maxSteps;
}

/** What has to be replaced in `from` to get `to`, in order. */
export function diffLines(from: readonly string[], to: readonly string[]): Hunk[] {
  const { start, end } = commonEnds([from, to]);
  const [a, b] = [from.slice(start, from.length - end), to.slice(start, to.length - end)];
  if (a.length === 0 && b.length === 0) return [];
  if (tooLong(a, b)) {
    return [{ fromStart: start, fromEnd: from.length - end, toStart: start, toEnd: to.length - end }];
  }
  return diffIndices(a, b).map(({ buffer1: [aStart, aLength], buffer2: [bStart, bLength] }) => ({
    fromStart: start + aStart,
    fromEnd: start + aStart + aLength,
    toStart: start + bStart,
    toEnd: start + bStart + bLength,
  }));
}

/** Both sets of edits in one text; edits that touch the same lines come back as a block with both versions. */
export function mergeLines(
  left: readonly string[],
  base: readonly string[],
  right: readonly string[],
): readonly MergedBlock[] {
  const { start, end } = commonEnds([left, base, right]);
  const inner = (lines: readonly string[]): string[] => lines.slice(start, lines.length - end);
  const [a, o, b] = [inner(left), inner(base), inner(right)];
  const blocks: MergedBlock[] = [];
  if (tooLong(a, o) || tooLong(b, o)) blocks.push({ left: a, base: o, right: b });
  else {
    for (const region of diff3Merge<string>(a, o, b, { excludeFalseConflicts: true })) {
      if (region.ok !== undefined) blocks.push({ lines: region.ok });
      if (region.conflict !== undefined) {
        blocks.push({ left: region.conflict.a, base: region.conflict.o, right: region.conflict.b });
      }
    }
  }
  return [{ lines: left.slice(0, start) }, ...blocks, { lines: left.slice(left.length - end) }];
}
