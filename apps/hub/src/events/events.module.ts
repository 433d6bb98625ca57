import { Module } from '@nestjs/common';
import { EventQueries } from './event-queries.js';
import { EventStats } from './event-stats.js';
import { EventStore } from './event-store.js';
import { EventTimeline } from './event-timeline.js';
import { EventsController } from './events.controller.js';
import { FilterResolver } from './filter-resolver.js';
import { OrderedScans } from './ordered-scans.js';

@Module({
  controllers: [EventsController],
  providers: [EventQueries, EventStats, EventStore, EventTimeline, FilterResolver, OrderedScans],
  exports: [EventStore],
})
export class EventsModule {}
