import { Module } from '@nestjs/common';
import { EventsModule } from '../events/events.module.js';
import { ItemRequests } from '../items/item-requests.js';
import { LinkStoreModule } from '../links/link-store.module.js';
import { PlanStore } from '../plans/plan-store.js';
import { UserMap } from '../user-mappings/user-map.js';
import { BudgetTable } from './budget-table.js';
import { CapableConnections } from './capable-connections.js';
import { ConnectionOutcomes } from './connection-outcomes.js';
import { ConnectionSyncController } from './connection-sync.controller.js';
import { HubIdentity } from './hub-identity.js';
import { Leases } from './leases.js';
import { ManualRuns } from './manual-runs.js';
import { WakeInbox } from './pending-wakes.js';
import { Retention } from './retention.js';
import { RunCancellation } from './run-cancellation.js';
import { RunDispatcher } from './run-dispatcher.js';
import { RunExecutor } from './run-executor.js';
import { RunParts } from './run-parts.js';
import { RunQueries } from './run-queries.js';
import { RunScheduler } from './run-scheduler.js';
import { RunStore } from './run-store.js';
import { RunStreamController } from './run-stream.controller.js';
import { RunTriggers } from './run-triggers.js';
import { RunsController } from './runs.controller.js';
import { SessionFactory } from './session-factory.js';
import { WakeUps } from './wake-ups.js';

@Module({
  imports: [EventsModule, LinkStoreModule],
  controllers: [RunsController, RunStreamController, ConnectionSyncController],
  providers: [
    BudgetTable,
    CapableConnections,
    ConnectionOutcomes,
    HubIdentity,
    ItemRequests,
    Leases,
    ManualRuns,
    PlanStore,
    Retention,
    RunCancellation,
    RunDispatcher,
    RunExecutor,
    RunParts,
    RunQueries,
    RunScheduler,
    RunStore,
    RunTriggers,
    SessionFactory,
    UserMap,
    WakeInbox,
    WakeUps,
  ],
  exports: [
    CapableConnections,
    ItemRequests,
    ManualRuns,
    PlanStore,
    RunCancellation,
    RunQueries,
    RunTriggers,
    SessionFactory,
    WakeUps,
  ],
})
export class RunsModule {}
