import { Module } from '@nestjs/common';
import { ConflictStore } from '../conflicts/conflict-store.js';
import { KeptPairs } from './kept-pairs.js';
import { LinkStore } from './link-store.js';
import { PairReads } from './pair-reads.js';
import { PairStores } from './pair-stores.js';
import { PairWrites } from './pair-writes.js';

/** Below the runs, which write links; the links' API is above them. */
@Module({
  providers: [ConflictStore, KeptPairs, LinkStore, PairReads, PairStores, PairWrites],
  exports: [ConflictStore, KeptPairs, LinkStore, PairReads, PairStores, PairWrites],
})
export class LinkStoreModule {}
