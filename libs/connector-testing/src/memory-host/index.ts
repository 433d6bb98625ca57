export { applyEvent, type EventRow, type Outcome } from './apply-event.js';
export { MemoryHost, type MemoryHostOptions, type RunOptions, type RunOutcome } from './memory-host.js';
export { type CommitRecord, type Disturbance, type LogLine } from './memory-session.js';
export { type MappedUser, MemoryHub } from './memory-hub.js';
export { type KnownConflict, MemoryPairStore } from './memory-pair-store.js';
export { MemoryStore, type SetAsideRow } from './memory-store.js';
export { instancesOf, mapInstances, secretsOf } from './secrets.js';
export { VirtualClock } from './virtual-clock.js';
