import { Injectable } from '@nestjs/common';
import { EventStore } from '../events/event-store.js';
import { LinkStore } from '../links/link-store.js';
import { WakeInbox } from './pending-wakes.js';
import { SessionFactory } from './session-factory.js';

/** The stores a run works with, gathered so that the executor's constructor stays readable. */
@Injectable()
export class RunParts {
  readonly forSession: {
    readonly events: EventStore;
    readonly linkStore: LinkStore;
    readonly sessions: SessionFactory;
  };

  constructor(
    events: EventStore,
    linkStore: LinkStore,
    sessions: SessionFactory,
    readonly inbox: WakeInbox,
  ) {
    this.forSession = { events, linkStore, sessions };
  }
}
