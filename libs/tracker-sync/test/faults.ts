import { ConnectorError } from '@syncline/connector-sdk';
import type { TrackerCall } from '@syncline/connector-testing';

/** Faults at chosen moments: an odd moment loses the answer, an even one the request. */
export class Faults {
  private count = 0;
  private at = new Set<number>();

  readonly seam = ({ phase }: TrackerCall): void => {
    this.count += 1;
    if (!this.at.has(this.count)) return;
    throw new ConnectorError('transient', phase === 'after' ? 'the answer was lost' : 'no connection');
  };

  set(at: readonly number[]): void {
    this.count = 0;
    this.at = new Set(at);
  }
}
