import type { JsonValue, LinkSide, PairLink, SyncSession } from '@syncline/connector-sdk';

/** A hub with two connections, 0 and 1, as the cases of the pair store's contract see it. */
export interface PairStoreWorld {
  /** One run of a connection. Throws what `work` throws. */
  inRun(connection: number, work: (session: SyncSession) => Promise<void>, kind?: 'sync' | 'plan'): Promise<void>;
  /** A run that loses its lease before `work` goes on after `lose()`. Throws what `work` throws. */
  inLostRun(
    connection: number,
    work: (session: SyncSession, lose: () => Promise<void>) => Promise<void>,
  ): Promise<void>;
  /** As people do it. */
  sever(connection: number, linkId: string): Promise<void>;
  /** As people do it. */
  decide(
    connection: number,
    linkId: string,
    field: string,
    resolution: { choice: 'left' | 'right' | 'value'; value?: JsonValue },
  ): Promise<void>;
  /** As people do it; between the instances `A` and `B`. */
  mapUser(mapping: {
    readonly sourceInstanceId: 'A' | 'B';
    readonly sourceUsername: string;
    readonly targetInstanceId: 'A' | 'B';
    readonly targetUsername: string;
  }): Promise<void>;
  /** The real id of the instance `A` or `B`. */
  instanceId(name: 'A' | 'B'): string;
  /** `<state>[ settled]` of each conflict there ever was on the link, in any order. */
  conflictStates(connection: number, linkId: string): Promise<readonly string[]>;
  close(): Promise<void>;
}

let made = 0;

/** A link in its first form: an issue of the left side that is to be copied to the right. */
export function newLink(key: string, changes: Partial<PairLink> = {}): PairLink {
  made += 1;
  return {
    id: `00000000-0000-4000-8000-${made.toString(16).padStart(12, '0')}`,
    kind: 'issue',
    state: 'intended',
    left: refOf('left', key),
    origin: { key: `a 1 ${key}`, side: 'left', place: 'b 2', data: { hub: 'h', issue: key } },
    intent: { side: 'right', claimedAt: '2026-01-05T10:00:00.000Z' },
    ...changes,
  };
}

export function refOf(side: LinkSide, key: string): NonNullable<PairLink['left']> {
  const there = side === 'left' ? { instanceId: 'A', projectId: '1' } : { instanceId: 'B', projectId: '2' };
  return { ...there, key, url: `https://${side}.example/${key}`, title: `Issue ${key}` };
}

/** The same link once its copy exists. */
export function copied(link: PairLink, key: string, changes: Partial<PairLink> = {}): PairLink {
  const { intent: _done, ...rest } = link;
  return { ...rest, state: 'active', right: refOf('right', key), baseline: { revision: '1' }, ...changes };
}
