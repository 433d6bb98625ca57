import type { Origin } from '../origin.js';

/**
 * The hidden sign in a copy that says what it is a copy of: an HTML comment with base64 inside, so that nothing in it
 * is text to anybody. It serves recovery only; what is linked with what is in the store.
 */
export interface Marker {
  readonly origin: Origin;
  /** The fence that closes a code block the text leaves open; it stands between the text and the marker. */
  readonly fence?: string;
  /** Lines that cannot be told from our own changes by looking at them: `[line, as written by us, original]`. */
  readonly kept?: readonly (readonly [line: number, written: string, original: string])[];
}

/** Finds every marker, real or forged. */
const markers = /<!-- syncline:1:([A-Za-z0-9+/]+=*) -->/g;

/** What a marker begins with. In a copied text it is broken, so that a copy has one marker: its own. */
export const markerStart = '<!-- syncline:';

export function writeMarker(marker: Marker): string {
  const { origin } = marker;
  const content = {
    h: origin.hub,
    i: origin.instance,
    p: origin.project,
    n: origin.issue,
    ...(origin.comment !== undefined && { c: origin.comment }),
    ...(marker.fence !== undefined && { f: marker.fence }),
    ...(marker.kept !== undefined && marker.kept.length > 0 && { k: marker.kept }),
  };
  return `${markerStart}1:${Buffer.from(JSON.stringify(content)).toString('base64')} -->`;
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const isText = (value: unknown): value is string => typeof value === 'string';

function parseKept(value: unknown): Marker['kept'] {
  if (!Array.isArray(value)) return undefined;
  const kept: (readonly [number, string, string])[] = [];
  for (const entry of value as readonly unknown[]) {
    if (!Array.isArray(entry)) return undefined;
    const [line, written, original] = entry as readonly unknown[];
    if (typeof line !== 'number' || !isText(written) || !isText(original)) return undefined;
    kept.push([line, written, original]);
  }
  return kept;
}

function parseMarker(encoded: string): Marker | undefined {
  let content: unknown;
  try {
    content = JSON.parse(Buffer.from(encoded, 'base64').toString('utf8'));
  } catch {
    return undefined;
  }
  if (!isRecord(content)) return undefined;
  const { h, i, p, n, c, f, k } = content;
  if (!isText(h) || !isText(i) || !isText(p) || !isText(n)) return undefined;
  const origin = { hub: h, instance: i, project: p, issue: n };
  const kept = parseKept(k);
  return {
    origin: isText(c) ? { ...origin, comment: c } : origin,
    ...(isText(f) && { fence: f }),
    ...(kept !== undefined && { kept }),
  };
}

export interface FoundMarker {
  readonly marker: Marker;
  readonly start: number;
  readonly end: number;
}

/** Every readable marker of a text, in order. */
export function findMarkers(text: string): FoundMarker[] {
  const found: FoundMarker[] = [];
  for (const match of text.matchAll(markers)) {
    const marker = parseMarker(match[1] ?? '');
    if (marker !== undefined) found.push({ marker, start: match.index, end: match.index + match[0].length });
  }
  return found;
}
