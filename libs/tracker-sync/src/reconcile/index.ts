export { beginWrites, settleBegun, writtenOf } from './begun-writes.js';
export type { Decision } from './decision.js';
export { fieldValue } from './field-value.js';
export { nextBaseline, type SideNow } from './next-baseline.js';
export { reconcile, type Reconciled } from './reconcile.js';
export type { FieldTimes, Rules, Translation } from './rules.js';
