import type { Issue, LinkSide } from '@syncline/connector-sdk';
import { unlinkedIssues } from '../text/index.js';
import type { Engine } from './engine.js';

/** Keys a remote is asked for at once. */
const most = 100;
/** How far a chain of names is followed: each step is a read, and saves the writes of one page at the most. */
const steps = 4;

/**
 * Issues that the texts of new ones name and that nobody has linked yet: copied before these, though their own page comes
 * later, they save a second write of each text. What is named last comes first. No read where texts name nothing new.
 */
export async function namedAhead(engine: Engine, side: LinkSide, fresh: readonly Issue[]): Promise<readonly Issue[]> {
  const seen = new Set(fresh.map(({ key }) => key));
  const ahead: Issue[] = [];
  let naming = fresh;
  for (let step = 0; step < steps && naming.length > 0; step += 1) {
    const wanted = (await unlinked(engine, side, naming)).filter((key) => !seen.has(key)).slice(0, most);
    if (wanted.length === 0) break;
    for (const key of wanted) seen.add(key);
    naming = [...(await engine.tracker(side).find(wanted)).values()];
    ahead.unshift(...naming);
  }
  return ahead;
}

/** Keys that texts of these issues name and that have no link. */
async function unlinked(engine: Engine, side: LinkSide, issues: readonly Issue[]): Promise<readonly string[]> {
  const texts = issues.map(({ description }) => description);
  await engine.names.prepare({ left: [], right: [], [side]: texts });
  const map = engine.names.textMap(side);
  const keys = [...new Set(texts.flatMap((text) => unlinkedIssues(text, map)))];
  // What people took apart, or what is gone, has no copy either, and gets none.
  const known = new Set((await engine.links.byKey('issue', side, keys)).map((link) => link[side]?.key));
  return keys.filter((key) => !known.has(key));
}
