import type { Issue, SyncSession } from '@syncline/connector-sdk';
import type { IssueLink } from '../links.js';
import { originIn, placeKey } from '../origin.js';
import { otherSide } from '../policy.js';
import { Engine, type PairOptions } from './engine.js';
import { markedOrigin } from './find-peer.js';

export interface Repaired {
  readonly linked: number;
  /** Copies whose original is gone, or has another copy that is linked. */
  readonly left: number;
}

/**
 * Rebuilds the links of issues from the markers in their copies, after a database was lost or to take over from another
 * hub. Writes nothing remote. Comments find their links again in the next sync, which also compares what was linked.
 */
export async function repairLinks(session: SyncSession, options: PairOptions): Promise<Repaired> {
  const engine = new Engine(session, options);
  await session.pair.keep({ left: placeKey(options.left.place), right: placeKey(options.right.place) });
  let [linked, left] = [0, 0];
  for (const side of ['right', 'left'] as const) {
    const other = otherSide(side);
    for await (const { issues } of engine.tracker(side).changes({})) {
      const taken = new Set((await engine.links.byKey('issue', side, keysOf(issues))).map((link) => link[side]?.key));
      const copies = new Map<string, Issue>();
      for (const issue of issues.filter(({ key }) => !taken.has(key))) {
        const origin = await markedOrigin(engine, side, issue);
        const original = origin === undefined ? undefined : originIn(origin, engine.place(other));
        if (original === undefined) continue;
        if (copies.has(original.issue)) left += 1;
        else copies.set(original.issue, issue);
      }
      const originals = await engine.tracker(other).find([...copies.keys()]);
      const busy = new Set(
        (await engine.links.byKey('issue', other, [...copies.keys()])).map((link) => link[other]?.key),
      );
      for (const [key, copy] of copies) {
        const original = originals.get(key);
        if (original === undefined || busy.has(key)) {
          left += 1;
          continue;
        }
        linked += 1;
        const link: IssueLink = {
          id: engine.context.newId(),
          kind: 'issue',
          state: 'active',
          origin: engine.originOf(other, key),
          originSide: other,
          [side]: engine.ref(side, copy),
          [other]: engine.ref(other, original),
        };
        const reason = `Its marker names ${original.url}.`;
        engine.commits.add({ links: [link], history: [{ action: 'linked', linkId: link.id, side, reason }] });
      }
      await engine.commits.drain();
    }
  }
  return { linked, left };
}

const keysOf = (issues: readonly Issue[]): string[] => issues.map(({ key }) => key);
