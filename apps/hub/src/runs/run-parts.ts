import { Injectable } from '@nestjs/common';
import { EventStore } from '../events/event-store.js';
import { LinkStore } from '../links/link-store.js';
import { PairStores } from '../links/pair-stores.js';
import { PlanStore } from '../plans/plan-store.js';
import { UserMap } from '../user-mappings/user-map.js';
import { HubIdentity } from './hub-identity.js';
import { WakeInbox } from './pending-wakes.js';
import { SessionFactory } from './session-factory.js';

/** The stores a run works with, gathered so that the executor's constructor stays readable. */
@Injectable()
export class RunParts {
  readonly forSession: {
    readonly events: EventStore;
    readonly linkStore: LinkStore;
    readonly pairStores: PairStores;
    readonly planStore: PlanStore;
    readonly userMap: UserMap;
    readonly sessions: SessionFactory;
  };

  constructor(
    events: EventStore,
    linkStore: LinkStore,
    pairStores: PairStores,
    planStore: PlanStore,
    userMap: UserMap,
    sessions: SessionFactory,
    readonly inbox: WakeInbox,
    readonly hub: HubIdentity,
  ) {
    this.forSession = { events, linkStore, pairStores, planStore, userMap, sessions };
  }
}
