export { trackerContract } from './tracker-contract.js';
export type { TrackerWorld } from './tracker-world.js';
