export { pairStoreContract } from './pair-store-contract.js';
export { type PairStoreWorld } from './pair-store-world.js';
