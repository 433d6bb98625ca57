export { repairLinks, type Repaired } from './apply/repair-links.js';
export { syncPair } from './apply/sync-pair.js';
export { samePeople } from './apply/same-people.js';
export type { PairOptions } from './apply/engine.js';
export type { UserPair } from './apply/people.js';
export type { IssueBaseline, SideBaseline } from './baseline.js';
export * from './links.js';
export { isFrom, originKey, originOf, placeKey, type Origin } from './origin.js';
export type { Flow, IssueFilter, SyncPolicy } from './policy.js';
export {
  fieldValue,
  nextBaseline,
  reconcile,
  type Decision,
  type Reconciled,
  type Rules,
  type Translation,
} from './reconcile/index.js';
export { decodeText, encodeText, findMarkers, readFrame, type TextMap } from './text/index.js';
export { canonicalText, canonicalTitle, type IssueValues } from './values.js';
