import { originKey, type Origin } from '../origin.js';
import { canonicalText } from '../values.js';
import { readFrame, writeFrame } from './frame.js';
import { diffLines, joinLines, splitLines } from './lines.js';
import { codeRegions, openFence } from './regions.js';
import type { TextMap } from './text-map.js';
import { escapeCommand, ownIssues, tokensOf, translateLine, type Undo } from './translate-line.js';

/**
 * Raised whenever the codec writes the same text differently: what was written before is then rendered anew and not
 * taken for an edit.
 */
export const codecRevision = 'text-1';

/** A whole text in the other side's words; line for line. */
export function translateText(text: string, map: TextMap, undo: Undo = 'none'): string {
  const lines = splitLines(text);
  const regions = codeRegions(lines);
  return joinLines(
    lines.map((line, at) => translateLine(line, regions[at] ?? { fenced: false, spans: [] }, map, undo)),
  );
}

/**
 * A text said anew in the other side's words, with what is known now. `written`: how it was said there before; what a
 * person of the other side wrote is brought back as it was.
 */
export function renderText(text: string, written: string | undefined, map: TextMap): string {
  if (written === undefined) return translateText(text, map);
  const [lines, before] = [splitLines(text), splitLines(written)];
  if (lines.length !== before.length) return translateText(text, map, new Set(before.flatMap(tokensOf)));
  const regions = codeRegions(lines);
  return joinLines(
    lines.map((line, at) =>
      translateLine(line, regions[at] ?? { fenced: false, spans: [] }, map, new Set(tokensOf(before[at] ?? ''))),
    ),
  );
}

/** Issues of its own place that a text names and that have no copy on the other side. */
export function unlinkedIssues(text: string, map: TextMap): string[] {
  return [...new Set(splitLines(text).flatMap((line) => ownIssues(line, map)))];
}

/** Takes commands out of a text that is written back to where it came from: it runs with our rights there. */
export function guardText(text: string): string {
  const lines = splitLines(text);
  const regions = codeRegions(lines);
  return joinLines(lines.map((line, at) => escapeCommand(line, regions[at] ?? { fenced: false, spans: [] })));
}

/** What both sides had when they last agreed: `from` said in the other side's words is `to`. */
export interface TextBase {
  readonly from: string;
  readonly to: string;
}

/**
 * The other side's text after an edit on this one. Lines that did not change keep the other side's own wording, so that
 * going back and forth changes nothing; changed lines are translated.
 */
export function carryText(text: string, base: TextBase, map: TextMap): string {
  if (text === base.from) return base.to;
  const [fromLines, toLines, newLines] = [splitLines(base.from), splitLines(base.to), splitLines(text)];
  if (fromLines.length !== toLines.length) return translateText(text, map, new Set(tokensOf(base.to)));
  const regions = codeRegions(newLines);
  const result: string[] = [];
  let at = 0;
  const keep = (until: number): void => void result.push(...toLines.slice(at, until));
  for (const hunk of diffLines(fromLines, newLines)) {
    keep(hunk.fromStart);
    const before = new Set(toLines.slice(hunk.fromStart, hunk.fromEnd).flatMap(tokensOf));
    for (let line = hunk.toStart; line < hunk.toEnd; line += 1) {
      result.push(translateLine(newLines[line] ?? '', regions[line] ?? { fenced: false, spans: [] }, map, before));
    }
    at = hunk.fromEnd;
  }
  keep(toLines.length);
  return joinLines(result);
}

/** What a copy is framed with. */
export interface CopyFrame {
  readonly origin: Origin;
  readonly sourceUrl?: string;
  /** Of a comment: one line of Markdown that names its author. */
  readonly attribution?: string;
}

/**
 * A text in the other side's words, framed as a copy. `original`: what it says, in its author's words; with it the copy
 * alone gives the original back exactly, even after everything else was lost.
 */
export function frameCopy(written: string, original: string, frame: CopyFrame, back: TextMap): string {
  const [lines, said] = [splitLines(written), splitLines(original)];
  const returned = splitLines(translateText(written, back, 'all'));
  const kept =
    said.length === lines.length
      ? said.flatMap((line, at) => (returned[at] === line ? [] : [[at, lines[at] ?? '', line] as const]))
      : [];
  const fence = openFence(lines);
  const { origin, ...shown } = frame;
  return writeFrame(written, { ...shown, marker: { origin, ...(fence !== undefined && { fence }), kept } });
}

/** The codec in one step, for a text nobody has copied yet. A text that is this origin's copy already comes out the same. */
export function encodeText(text: string, frame: CopyFrame, there: TextMap, back: TextMap): string {
  const canonical = canonicalText(text);
  const { marker } = readFrame(canonical, frame);
  if (marker !== undefined && originKey(marker.origin) === originKey(frame.origin)) return canonical;
  return frameCopy(translateText(canonical, there), canonical, frame, back);
}

/** The text a copy was made of, in its author's words. */
export function decodeText(text: string, back: TextMap, expected?: { origin: Origin; sourceUrl?: string }): string {
  const { body, marker } = readFrame(canonicalText(text), expected);
  const lines = splitLines(body);
  const returned = splitLines(translateText(body, back, 'all'));
  for (const [line, written, original] of marker?.kept ?? []) {
    if (lines[line] === written) returned[line] = original;
  }
  return joinLines(returned);
}
