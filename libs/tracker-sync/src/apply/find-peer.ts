import { ConnectorError, type Issue, type LinkSide } from '@syncline/connector-sdk';
import { isFrom, originKey, type Origin } from '../origin.js';
import { otherSide } from '../policy.js';
import { findMarkers, markerStart } from '../text/index.js';
import { canonicalText, canonicalTitle } from '../values.js';
import type { Engine } from './engine.js';

/** Issues of one side that are no part of a link yet and could be the peer of one on the other. */
export interface Survey {
  /** Keys by the origin their marker names; more than one is a duplicate. */
  readonly byOrigin: ReadonlyMap<string, readonly string[]>;
  /** Keys of originals by title. */
  readonly byTitle: ReadonlyMap<string, readonly string[]>;
}

/** The origin a marker names, if our own account wrote it: a marker anybody pasted says nothing. */
export async function markedOrigin(
  engine: Engine,
  side: LinkSide,
  issue: Pick<Issue, 'author' | 'description'>,
): Promise<Origin | undefined> {
  if (!issue.description.includes(markerStart)) return undefined;
  const me = await engine.tracker(side).me();
  if (issue.author.id !== me.id) return undefined;
  return findMarkers(canonicalText(issue.description)).at(-1)?.marker.origin;
}

/** Two hubs that keep one pair would each copy the other's copies. */
export function refuseForeignHub(engine: Engine, side: LinkSide, issue: Issue, origin: Origin | undefined): void {
  const isForeign = origin !== undefined && origin.hub !== engine.context.session.hubId;
  if (!isForeign || !isFrom(origin, engine.place(otherSide(side)))) return;
  throw new ConnectorError(
    'config',
    `Another hub keeps these two projects in step already: ${issue.url} is its copy.`,
    { hint: 'Stop the other hub, then repair the links of this connection to take its copies over.' },
  );
}

/** Where issues of a side were written: by the hub's links, by our own markers, else right there. */
export async function originsOf(
  engine: Engine,
  side: LinkSide,
  issues: readonly Issue[],
): Promise<Map<string, Origin>> {
  const known = await engine.links.originsAt(
    side,
    'issue',
    issues.map(({ key }) => key),
  );
  const origins = new Map<string, Origin>();
  for (const issue of issues) {
    const marked = known.get(issue.key) ?? (await markedOrigin(engine, side, issue));
    origins.set(issue.key, marked ?? engine.originOf(side, issue.key));
  }
  return origins;
}

function push(map: Map<string, string[]>, name: string, key: string): void {
  map.set(name, [...(map.get(name) ?? []), key]);
}

/** Reads one whole side and notes who could be whose peer. Keeps keys, not issues. */
export async function surveySide(engine: Engine, side: LinkSide, byTitles: boolean): Promise<Survey> {
  const [byOrigin, byTitle] = [new Map<string, string[]>(), new Map<string, string[]>()];
  for await (const { issues } of engine.tracker(side).changes({})) {
    engine.fetched += issues.length;
    const linked = await engine.links.byKey(
      'issue',
      side,
      issues.map(({ key }) => key),
    );
    const taken = new Set(linked.map((link) => link[side]?.key));
    const free = issues.filter(({ key, movedTo }) => !taken.has(key) && movedTo === undefined);
    const origins = await originsOf(engine, side, free);
    for (const issue of free) {
      const origin = origins.get(issue.key) ?? engine.originOf(side, issue.key);
      refuseForeignHub(engine, side, issue, origin);
      if (!isFrom(origin, engine.place(side))) push(byOrigin, originKey(origin), issue.key);
      else if (byTitles) push(byTitle, canonicalTitle(issue.title), issue.key);
    }
  }
  return { byOrigin, byTitle };
}
