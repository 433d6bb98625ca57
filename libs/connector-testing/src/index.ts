export * from './contract/index.js';
export * from './memory-host/index.js';
export * from './pair-store/index.js';
export * from './gitlab-simulator/index.js';
export * from './memory-tracker/index.js';
export * from './tracker-contract/index.js';
export * from './git-server/index.js';
export * from './azure-simulator/index.js';
