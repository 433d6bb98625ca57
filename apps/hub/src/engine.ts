import type { DataSource } from 'typeorm';
import type { ConnectionSource } from './connections/connection-source.js';
import { ConflictStore } from './conflicts/conflict-store.js';
import { EventStore } from './events/event-store.js';
import { ItemRequests } from './items/item-requests.js';
import { KeptPairs } from './links/kept-pairs.js';
import { LinkStore } from './links/link-store.js';
import { PairReads } from './links/pair-reads.js';
import { PairStores } from './links/pair-stores.js';
import { PairWrites } from './links/pair-writes.js';
import type { HubLog } from './logging/hub-log.js';
import { Metrics } from './metrics/metrics.js';
import { PlanStore } from './plans/plan-store.js';
import { BudgetTable } from './runs/budget-table.js';
import { ConnectionOutcomes } from './runs/connection-outcomes.js';
import { HubIdentity } from './runs/hub-identity.js';
import { Leases } from './runs/leases.js';
import { WakeInbox } from './runs/pending-wakes.js';
import { RunExecutor } from './runs/run-executor.js';
import { RunParts } from './runs/run-parts.js';
import { RunQueries } from './runs/run-queries.js';
import { RunScheduler } from './runs/run-scheduler.js';
import { RunStore } from './runs/run-store.js';
import { RunTriggers } from './runs/run-triggers.js';
import { SessionFactory } from './runs/session-factory.js';
import { WakeUps } from './runs/wake-ups.js';
import { UserMap } from './user-mappings/user-map.js';

export { type Environment, EnvironmentReader, loadEnvironment } from './config/environment.js';
export { StartError } from './config/start-error.js';
export { ConnectionSource, type ResolvedConnection } from './connections/connection-source.js';
export { type DatabaseTarget, openDatabase } from './database/data-source.js';
export { FolderLock } from './database/folder-lock.js';
export { createHubLog, type HubLog } from './logging/hub-log.js';
export { keepFirstKey } from './secrets/key-files.js';
export { type RunView, toRunView } from './runs/run-view.js';

/** The engine without the host around it: who triggers, executes and reads runs on a database. */
export interface Engine {
  readonly leases: Leases;
  readonly runs: RunStore;
  readonly triggers: RunTriggers;
  readonly scheduler: RunScheduler;
  readonly executor: RunExecutor;
  readonly queries: RunQueries;
  readonly sessions: SessionFactory;
}

/** For programs that bring their own connections: the poller and the engine's tests. The hub wires the same by modules. */
export function createEngine(database: DataSource, connections: ConnectionSource, log: HubLog): Engine {
  const wakeUps = new WakeUps();
  const metrics = new Metrics();
  const events = new EventStore(database);
  const leases = new Leases(database);
  const runs = new RunStore(database, leases);
  const triggers = new RunTriggers(database, wakeUps);
  const inbox = new WakeInbox(database, new ItemRequests(database));
  const sessions = new SessionFactory(new BudgetTable(database), log, metrics);
  const pairs = new PairStores(
    database,
    new PairReads(database),
    new PairWrites(),
    new ConflictStore(database),
    new KeptPairs(),
  );
  const hub = new HubIdentity(database);
  const parts = new RunParts(
    events,
    new LinkStore(database),
    pairs,
    new PlanStore(database),
    new UserMap(database),
    sessions,
    inbox,
    hub,
  );
  const outcomes = new ConnectionOutcomes(database, runs, inbox, events);
  return {
    leases,
    runs,
    triggers,
    sessions,
    scheduler: new RunScheduler(database, runs, triggers, wakeUps),
    executor: new RunExecutor(database, runs, leases, connections, parts, outcomes, wakeUps, log, metrics),
    queries: new RunQueries(database),
  };
}
