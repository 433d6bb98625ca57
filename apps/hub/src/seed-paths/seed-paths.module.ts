import { type MiddlewareConsumer, Module, type NestModule } from '@nestjs/common';
import { ConflictsModule } from '../conflicts/conflicts.module.js';
import { ConnectionsModule } from '../connections/connections.module.js';
import { DeliveriesModule } from '../deliveries/deliveries.module.js';
import { deliveryBytes } from '../deliveries/webhook-request.js';
import { RunsModule } from '../runs/runs.module.js';
import { CodeConnections } from './code-connections.js';
import { GitLabHook } from './gitlab-hook.js';
import { GitLabHookController } from './gitlab-hook.controller.js';
import { ManualSyncController } from './manual-sync.controller.js';
import { ProjectPairs } from './project-pairs.js';
import { ProjectPairsController } from './project-pairs.controller.js';
import { SyncPathsController } from './sync-paths.controller.js';

/** Paths of tools that people come from, over the services of this hub. */
@Module({
  imports: [ConflictsModule, ConnectionsModule, DeliveriesModule, RunsModule],
  controllers: [ProjectPairsController, SyncPathsController, GitLabHookController, ManualSyncController],
  providers: [ProjectPairs, CodeConnections, GitLabHook],
})
export class SeedPathsModule implements NestModule {
  configure(consumer: MiddlewareConsumer): void {
    consumer.apply(deliveryBytes).forRoutes(GitLabHookController);
  }
}
