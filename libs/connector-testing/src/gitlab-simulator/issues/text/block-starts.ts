/** How blocks of Markdown begin and end, line by line. Source: the CommonMark specification, sections 4 and 5. */

export interface Fence {
  readonly kind: 'fence';
  readonly character: string;
  readonly length: number;
}

export interface HtmlBlock {
  readonly kind: 'html';
  /** The line it ends with; null: it ends before a blank line. */
  readonly end: RegExp | null;
}

export function fenceAt(text: string): Fence | undefined {
  const match = /^(`{3,})[^`]*$|^(~{3,})/.exec(text);
  const run = match?.[1] ?? match?.[2];
  return run === undefined ? undefined : { kind: 'fence', character: run.charAt(0), length: run.length };
}

export function closesFence(fence: Fence, text: string): boolean {
  const run = /^(`{3,}|~{3,})[ \t]*$/.exec(text)?.[1];
  return run !== undefined && run.charAt(0) === fence.character && run.length >= fence.length;
}

const htmlStarts: readonly (readonly [RegExp, RegExp])[] = [
  [/^<(?:script|pre|style|textarea)(?:[ \t>]|$)/i, /<\/(?:script|pre|style|textarea)>/i],
  [/^<!--/, /-->/],
  [/^<\?/, /\?>/],
  [/^<![A-Za-z]/, />/],
  [/^<!\[CDATA\[/, /\]\]>/],
];
const blockTag =
  /^<\/?(?:address|article|aside|base|basefont|blockquote|body|caption|center|col|colgroup|dd|details|dialog|dir|div|dl|dt|fieldset|figcaption|figure|footer|form|frame|frameset|h[1-6]|head|header|hr|html|iframe|legend|li|link|main|menu|menuitem|nav|noframes|ol|optgroup|option|p|param|search|section|summary|table|tbody|td|tfoot|th|thead|title|tr|track|ul)(?:[ \t]|\/?>|$)/i;
const attribute = `[ \\t]+[A-Za-z_:][\\w.:-]*(?:[ \\t]*=[ \\t]*(?:[^\\s"'=<>\`]+|'[^']*'|"[^"]*"))?`;
const anyTag = new RegExp(
  `^(?:<[A-Za-z][A-Za-z0-9-]*(?:${attribute})*[ \\t]*/?>|</(?!(?:pre|script|style|textarea)[ \\t>])[A-Za-z][A-Za-z0-9-]*[ \\t]*>)[ \\t]*$`,
);

export function htmlAt(text: string, insideParagraph: boolean): HtmlBlock | undefined {
  if (!text.startsWith('<')) return undefined;
  for (const [start, end] of htmlStarts) if (start.test(text)) return { kind: 'html', end };
  if (blockTag.test(text) || (!insideParagraph && anyTag.test(text))) return { kind: 'html', end: null };
  return undefined;
}

export function isHeading(text: string): boolean {
  return /^#{1,6}(?:[ \t]|$)/.test(text);
}

export function isBreak(text: string): boolean {
  return /^(?:(?:\*[ \t]*){3,}|(?:-[ \t]*){3,}|(?:_[ \t]*){3,})$/.test(text);
}

export function underlinesHeading(text: string): boolean {
  return /^(?:=+|-+)[ \t]*$/.test(text);
}

/** The marker of a list item with its width, where one stands here and may begin a list. */
export function listMarkerAt(text: string, insideParagraph: boolean): number | undefined {
  const match = /^(?:[-+*]|(\d{1,9})[.)])(?=[ \t]|$)/.exec(text);
  if (match === null) return undefined;
  const [marker, number] = match;
  const empty = text.slice(marker.length).trim() === '';
  // Only a list that says something, and begins with 1, cuts a paragraph short.
  if (insideParagraph && (empty || (number !== undefined && Number(number) !== 1))) return undefined;
  return marker.length;
}

/** GitLab's quote over several lines: `>>>` alone on a line, up to the same again. */
export function quoteFenceAt(text: string): number | undefined {
  return /^(>{3,})[ \t]*(?:\[![A-Za-z]+\].*)?$/.exec(text)?.[1]?.length;
}

export function closesQuoteFence(length: number, text: string): boolean {
  return (/^(>{3,})[ \t]*$/.exec(text)?.[1]?.length ?? 0) >= length;
}
