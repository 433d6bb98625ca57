import { Module } from '@nestjs/common';
import { ConflictsModule } from '../conflicts/conflicts.module.js';
import { ConnectionsModule } from '../connections/connections.module.js';
import { RunsModule } from '../runs/runs.module.js';
import { ProjectPairs } from './project-pairs.js';
import { ProjectPairsController } from './project-pairs.controller.js';
import { SyncPathsController } from './sync-paths.controller.js';

/** Paths of tools that people come from, over the services of this hub. */
@Module({
  imports: [ConflictsModule, ConnectionsModule, RunsModule],
  controllers: [ProjectPairsController, SyncPathsController],
  providers: [ProjectPairs],
})
export class SeedPathsModule {}
