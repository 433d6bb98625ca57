import { once } from 'node:events';
import type { ServerResponse } from 'node:http';
import type { Change } from './change-log.js';
import type { Listener } from './event-feed.js';
import type { EventFilter } from './event-filter.js';
import { type FeedPosition, formatPosition } from './feed-position.js';

/** Proxies close connections that stay silent for a minute or less. */
const HEARTBEAT_MS = 15_000;
/** A client that lets this much pile up is cut off; it comes back and reads on from its last id. */
const MOST_UNREAD_BYTES = 4_000_000;

/** One client's server-sent events. */
export class EventStream implements Listener {
  private readonly ended = new AbortController();
  private heartbeat: NodeJS.Timeout | undefined;

  constructor(
    private readonly response: ServerResponse,
    readonly filter: EventFilter,
  ) {}

  /** Fires when the client has left or was sent away. */
  get signal(): AbortSignal {
    return this.ended.signal;
  }

  begin(position: FeedPosition): void {
    this.response.writeHead(200, {
      'content-type': 'text/event-stream; charset=utf-8',
      'cache-control': 'no-cache, no-transform',
      connection: 'keep-alive',
      'x-accel-buffering': 'no',
    });
    // An id without data is remembered and not shown: a client that never saw an event resumes from here all the same.
    this.response.write(`retry: 2000\nid: ${formatPosition(position)}\n\n`);
    this.heartbeat = setInterval(() => this.write(': still here\n\n'), HEARTBEAT_MS);
  }

  async send({ position, event }: Change): Promise<void> {
    const flowing = this.write(`id: ${formatPosition(position)}\nevent: event\ndata: ${JSON.stringify(event)}\n\n`);
    if (!flowing && !this.signal.aborted) {
      await once(this.response, 'drain', { signal: this.signal }).catch(() => undefined);
    }
  }

  end(): void {
    if (this.signal.aborted) return;
    clearInterval(this.heartbeat);
    this.ended.abort();
    if (this.response.headersSent) this.response.end();
  }

  private write(text: string): boolean {
    if (this.signal.aborted) return true;
    if (this.response.writableLength > MOST_UNREAD_BYTES) {
      this.end();
      this.response.destroy();
      return true;
    }
    return this.response.write(text);
  }
}
