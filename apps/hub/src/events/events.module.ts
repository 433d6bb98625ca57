import { Module } from '@nestjs/common';
import { ChangeLog } from './change-log.js';
import { DayCountCompaction } from './day-count-compaction.js';
import { EventFeed } from './event-feed.js';
import { EventQueries } from './event-queries.js';
import { EventStats } from './event-stats.js';
import { EventStore } from './event-store.js';
import { EventStreamController } from './event-stream.controller.js';
import { EventTimeline } from './event-timeline.js';
import { EventsController } from './events.controller.js';
import { FilterResolver } from './filter-resolver.js';
import { OrderedScans } from './ordered-scans.js';
import { PollClock } from './poll-clock.js';
import { WalkLengths } from './walk-lengths.js';

@Module({
  // The stream first: its path would otherwise be read as an event's id.
  controllers: [EventStreamController, EventsController],
  providers: [
    ChangeLog,
    DayCountCompaction,
    EventFeed,
    EventQueries,
    EventStats,
    EventStore,
    EventTimeline,
    FilterResolver,
    OrderedScans,
    PollClock,
    WalkLengths,
  ],
  exports: [EventStore],
})
export class EventsModule {}
