/** What of GraphQL can be missing by itself: each goes on by REST alone. */
export type Feature = 'merge_requests' | 'pipelines' | 'releases' | 'branches' | 'registry' | 'tags';

const minuteMs = 60_000;
/** A version that lacks something will not have it before it is updated. */
export const lackingMs = 24 * 60 * minuteMs;
/** What was too much at the smallest size. */
export const heavyMs = 60 * minuteMs;
/** GraphQL did not answer, REST may. */
export const downMs = 10 * minuteMs;

interface Closed {
  readonly until: Date;
  readonly reason: string;
}

/**
 * Whether an instance is read by GraphQL at the moment: as a whole, by feature, and by project. What is closed is looked at
 * again when its time has passed. Starts as unknown: the first who asks finds out.
 */
export class Way {
  private probed = false;
  private closed: Closed | undefined;
  private readonly features = new Map<Feature, Closed>();
  private readonly ones = new Map<string, Closed>();

  /** Has this instance answered by GraphQL since it was last closed? */
  get isKnown(): boolean {
    return this.probed;
  }

  opened(): void {
    this.probed = true;
    this.closed = undefined;
  }

  close(reason: string, until: Date): void {
    this.probed = false;
    this.closed = { reason, until };
  }

  closeFeature(feature: Feature, reason: string, until: Date): void {
    this.features.set(feature, { reason, until });
  }

  /** A project (a registry repository, for tags) whose part of an answer fails would spoil the answers it shares. */
  closeOne(feature: Feature, id: number, reason: string, until: Date): void {
    this.ones.set(`${feature}/${id}`, { reason, until });
  }

  /** Why not, or undefined where GraphQL may be asked. */
  objection(now: Date, feature?: Feature, id?: number): string | undefined {
    if (current(this.closed, now)) return this.closed.reason;
    if (feature === undefined) return undefined;
    const ofFeature = this.features.get(feature);
    if (current(ofFeature, now)) return ofFeature.reason;
    const key = `${feature}/${id ?? ''}`;
    const ofOne = this.ones.get(key);
    if (current(ofOne, now)) return ofOne.reason;
    this.ones.delete(key);
    return undefined;
  }
}

function current(closed: Closed | undefined, now: Date): closed is Closed {
  return closed !== undefined && closed.until > now;
}
