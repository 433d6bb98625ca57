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
} from './codec.js';
export { findMarkers, markerStart } from './marker.js';
export { readFrame } from './frame.js';
export { mergeLines, splitLines, joinLines } from './lines.js';
export { cutTitle, defuseTitle, plainTitle } from './title.js';
export type { NameMap, TextMap, TextPlace } from './text-map.js';
export { namedThings, ownUploads } from './translate-line.js';
