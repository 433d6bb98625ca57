import { Injectable } from '@nestjs/common';

const LOOK_EVERY_MS = 1_000;

/** When the feed looks again; tests turn it by hand. Each call returns its own cancellation. */
@Injectable()
export class PollClock {
  soon(look: () => void): () => void {
    const timer = setTimeout(look, LOOK_EVERY_MS);
    timer.unref();
    return () => clearTimeout(timer);
  }

  /** There is more: at once, but not before others had their turn. */
  now(look: () => void): () => void {
    const turn = setImmediate(look);
    return () => clearImmediate(turn);
  }
}
