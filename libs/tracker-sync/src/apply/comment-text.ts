import { createHash } from 'node:crypto';
import type { LinkSide, TrackerComment } from '@syncline/connector-sdk';
import { originKey, type Origin } from '../origin.js';
import { otherSide } from '../policy.js';
import { attribute, frameCopy, guardText, readFrame, renderText } from '../text/index.js';
import { canonicalText } from '../values.js';
import type { Engine } from './engine.js';

export const hashOf = (text: string): string => createHash('sha256').update(canonicalText(text)).digest('hex');

/** The comment as it is written on the other side: with its author named and a marker, and nothing in it that acts. */
export function renderComment(engine: Engine, side: LinkSide, comment: TrackerComment, origin: Origin): string {
  const { names } = engine;
  const text = canonicalText(comment.body);
  const frame = readFrame(text, { origin });
  const isCopy = frame.marker !== undefined && originKey(frame.marker.origin) === originKey(origin);
  const body = isCopy ? frame.body : text;
  // A copy of a copy names the first author, as the copy does.
  const attribution = isCopy ? (text.split('\n', 1)[0] ?? '') : attribute(comment.author, comment.url);
  const written = guardText(renderText(body, undefined, names.textMap(side)));
  return frameCopy(written, body, { origin, attribution }, names.textMap(otherSide(side)));
}

/** Brings along what these texts name, so that they can be rendered. */
export async function lookUpNamed(
  engine: Engine,
  side: LinkSide,
  issueKey: string,
  comments: readonly TrackerComment[],
): Promise<void> {
  const texts = { left: [], right: [], [side]: comments.map(({ body }) => body) };
  await engine.names.prepare(texts);
  for (const { body } of comments) await engine.uploads.copyAll(side, body, issueKey);
}
