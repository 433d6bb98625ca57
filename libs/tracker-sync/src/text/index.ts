export { attribute } from './attribution.js';
export {
  carryText,
  codecRevision,
  decodeText,
  encodeText,
  frameCopy,
  guardText,
  renderText,
  unlinkedIssues,
  type CopyFrame,
  type TextBase,
} from './codec.js';
export { findMarkers, markerStart, type Marker } from './marker.js';
export { readFrame, type Unframed } from './frame.js';
export { mergeLines, splitLines, joinLines } from './lines.js';
export type { NameMap, TextMap, TextPlace } from './text-map.js';
export { namedThings, ownUploads, type NamedThings } from './translate-line.js';
