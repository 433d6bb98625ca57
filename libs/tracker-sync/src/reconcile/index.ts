export type { Decision } from './decision.js';
export { fieldValue } from './field-value.js';
export { nextBaseline } from './next-baseline.js';
export { reconcile, type Reconciled } from './reconcile.js';
export type { FieldTimes, Rules, Translation } from './rules.js';
