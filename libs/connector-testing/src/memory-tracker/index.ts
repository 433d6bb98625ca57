export * from './memory-project.js';
export * from './memory-tracker.js';
