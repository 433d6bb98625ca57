export * from './baseline.js';
export * from './origin.js';
export * from './plan.js';
export * from './policy.js';
export * from './store.js';
export * from './values.js';
