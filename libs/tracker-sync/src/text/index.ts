export * from './attribution.js';
export * from './codec.js';
export { findMarkers, type Marker } from './marker.js';
export { readFrame } from './frame.js';
export { mergeLines, splitLines, joinLines } from './lines.js';
export type { NameMap, TextMap, TextPlace } from './text-map.js';
export { ownUploads } from './translate-line.js';
