import { originKey, type Origin } from '../origin.js';
import { findMarkers, writeMarker, type FoundMarker, type Marker } from './marker.js';

/** What is put around a copied text, and nowhere else: the original is never touched for it. */
export interface Frame {
  readonly marker: Marker;
  /** Of an issue: the original's address, shown below a rule. */
  readonly sourceUrl?: string;
  /** Of a comment: who wrote it, as one line of Markdown. */
  readonly attribution?: string;
}

const footerText = 'Synced from:';
const footer = new RegExp(`^\\n*---\\n+${footerText} ?([^\\n]*)`);
const attributionLine = /^\*\*[^\n]*:(?:\n\n|$)/;

/** An address that cannot break out of its line. */
const oneWord = (url: string): string => url.replace(/[\s<>]/g, encodeURIComponent);

export function writeFrame(body: string, frame: Frame): string {
  const fence = frame.marker.fence === undefined ? '' : `\n${frame.marker.fence}`;
  const parts = [
    ...(frame.attribution === undefined ? [] : [frame.attribution]),
    ...(body === '' ? [] : [`${body}${fence}`]),
    writeMarker(frame.marker),
    ...(frame.sourceUrl === undefined ? [] : [`---\n${footerText} ${oneWord(frame.sourceUrl)}`]),
  ];
  return parts.join('\n\n');
}

export interface Unframed {
  readonly body: string;
  /** The marker that was taken off; absent where the text has none. */
  readonly marker?: Marker;
  /** The address its footer shows. */
  readonly sourceUrl?: string;
}

/** The last marker counts, or the last of the expected origin: people paste copies into other texts. */
function ownMarker(text: string, expected: Origin | undefined): FoundMarker | undefined {
  const found = findMarkers(text);
  if (expected === undefined) return found.at(-1);
  return found.findLast(({ marker }) => originKey(marker.origin) === originKey(expected));
}

/** The end of a text whose marker somebody removed. */
function withoutLooseFooter(text: string, sourceUrl: string | undefined): string {
  if (sourceUrl === undefined) return text;
  const end = `---\n${footerText} ${oneWord(sourceUrl)}`;
  if (text === end) return '';
  return text.endsWith(`\n${end}`) ? text.slice(0, -end.length).trimEnd() : text;
}

/**
 * The text people see in a copy, without our frame. What somebody wrote below the footer is part of it.
 * `expected`: the origin the store knows; a marker of another one is then just text.
 */
export function readFrame(text: string, expected?: { origin: Origin; sourceUrl?: string }): Unframed {
  const own = ownMarker(text, expected?.origin);
  if (own === undefined) return { body: withoutLooseFooter(text, expected?.sourceUrl) };
  const { marker } = own;
  let before = text.slice(0, own.start).replace(/\n{1,2}$/, '');
  if (marker.fence !== undefined && before.endsWith(`\n${marker.fence}`)) {
    before = before.slice(0, -marker.fence.length - 1);
  }
  if (marker.origin.comment !== undefined) before = before.replace(attributionLine, '');
  const after = text.slice(own.end).replace(footer, '').trim();
  const body = after === '' ? before : before === '' ? after : `${before}\n\n${after}`;
  const sourceUrl = footer.exec(text.slice(own.end))?.[1];
  return { body: body.trimEnd(), marker, ...(sourceUrl !== undefined && sourceUrl !== '' && { sourceUrl }) };
}
