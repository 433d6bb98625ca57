/**
 * Tells which parts of a Markdown text are code **beyond doubt**. Nothing in code is a command, a mention or a
 * reference; but remotes of different ages see code in different places, so whatever is not certain counts as text and
 * is made harmless. That costs an invisible character in odd code; the opposite mistake fires a command.
 */
export interface LineRegion {
  /** The whole line is inside a fenced block. */
  readonly fenced: boolean;
  /** Character ranges of code inside the line. */
  readonly spans: readonly (readonly [start: number, end: number])[];
}

const fenceOpening = /^```[^`]*$/;
const fenceClosing = /^``` *$/;

/** Blocks of raw HTML that empty lines do not end (CommonMark 4.6, kinds 1 to 5), with what ends them. */
const rawHtml: readonly (readonly [RegExp, RegExp])[] = [
  [/^ {0,3}<(?:pre|script|style|textarea)(?:[\s>]|$)/i, /<\/(?:pre|script|style|textarea)>/i],
  [/^ {0,3}<!--/, /-->/],
  [/^ {0,3}<\?/, /\?>/],
  [/^ {0,3}<!\[CDATA\[/, /\]\]>/],
  [/^ {0,3}<![A-Za-z]/, />/],
];

/** What may bind tighter than, or reach into, a code span: tags, links, tables, escapes. */
const doubtful = /[<|]|\\`|\]\(|\]:/;

/** Code spans of one line, if every run of backticks in it has its partner in the line. */
function codeSpans(line: string): { spans: (readonly [number, number])[]; balanced: boolean } {
  const runs = [...line.matchAll(/`+/g)].map((run) => ({ at: run.index, length: run[0].length }));
  const spans: (readonly [number, number])[] = [];
  for (let at = 0; at < runs.length; at += 1) {
    const opening = runs[at];
    const partner = runs.findIndex((run, index) => index > at && run.length === opening?.length);
    const closing = runs[partner];
    if (opening === undefined || closing === undefined) return { spans: [], balanced: false };
    spans.push([opening.at, closing.at + closing.length]);
    at = partner;
  }
  return { spans, balanced: true };
}

/** Front matter, display math and multi-line quotes: some remotes rewrite them before they look for code. */
const rewritten = /^(?:>>>|\s*\$\$)/;
const frontMatter = /^(?:---|\+\+\+|;;;)/;

export function codeRegions(lines: readonly string[]): LineRegion[] {
  const regions: LineRegion[] = [];
  const text: LineRegion = { fenced: false, spans: [] };
  if (frontMatter.test(lines[0] ?? '') || lines.some((line) => rewritten.test(line))) return lines.map(() => text);
  // Where the next closing fence after a line is; found once, from the end.
  const closings: number[] = [];
  for (let at = lines.length - 1, next = -1; at >= 0; at -= 1) {
    closings[at] = next;
    if (fenceClosing.test(lines[at] ?? '')) next = at;
  }

  let rawEnd: RegExp | undefined;
  let paragraphInDoubt = false;
  let freshBlock = true;
  for (let at = 0; at < lines.length; at += 1) {
    const line = lines[at] ?? '';
    rawEnd ??= rawHtml.find(([start]) => start.test(line))?.[1];
    if (rawEnd !== undefined) {
      if (rawEnd.test(line)) rawEnd = undefined;
      regions.push(text);
      [freshBlock, paragraphInDoubt] = [false, true];
      continue;
    }
    const closing = closings[at] ?? -1;
    if (freshBlock && closing > at && fenceOpening.test(line)) {
      for (let inside = at; inside <= closing; inside += 1) regions.push({ fenced: true, spans: [] });
      at = closing;
      paragraphInDoubt = false;
      continue;
    }
    if (line.trim() === '') {
      regions.push(text);
      [freshBlock, paragraphInDoubt] = [true, false];
      continue;
    }
    freshBlock = false;
    const { spans, balanced } = codeSpans(line);
    if (!balanced || doubtful.test(line)) paragraphInDoubt = true;
    regions.push(paragraphInDoubt ? text : { fenced: false, spans });
  }
  return regions;
}

/** The line that would close the code block the text ends in, so that what follows is no code. */
export function openFence(lines: readonly string[]): string | undefined {
  let fence: string | undefined;
  for (const line of lines) {
    const run = /^ {0,3}(`{3,}|~{3,})(.*)$/.exec(line);
    if (run === null) continue;
    const [, marks = '', rest = ''] = run;
    if (fence === undefined) {
      if (marks.startsWith('~') || !rest.includes('`')) fence = marks;
    } else if (marks[0] === fence[0] && marks.length >= fence.length && rest.trim() === '') fence = undefined;
  }
  return fence;
}
