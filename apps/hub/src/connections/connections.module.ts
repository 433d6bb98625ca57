import { Module } from '@nestjs/common';
import { InstancesModule } from '../instances/instances.module.js';
import { LinkStoreModule } from '../links/link-store.module.js';
import { RunsModule } from '../runs/runs.module.js';
import { ConnectionDrafts } from './connection-drafts.js';
import { ConnectionQueries } from './connection-queries.js';
import { ConnectionTests } from './connection-tests.js';
import { ConnectionsController } from './connections.controller.js';
import { ConnectionsService } from './connections.service.js';
import { InstanceDrafts } from './instance-drafts.js';
import { PairGuard } from './pair-guard.js';
import { RunControl } from './run-control.js';

@Module({
  imports: [RunsModule, InstancesModule, LinkStoreModule],
  controllers: [ConnectionsController],
  exports: [ConnectionQueries, ConnectionsService],
  providers: [
    ConnectionDrafts,
    ConnectionQueries,
    ConnectionTests,
    ConnectionsService,
    InstanceDrafts,
    PairGuard,
    RunControl,
  ],
})
export class ConnectionsModule {}
