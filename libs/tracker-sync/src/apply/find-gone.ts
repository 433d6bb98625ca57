import type { LinkSide } from '@syncline/connector-sdk';
import type { Engine } from './engine.js';
import { letGo } from './let-go.js';

/** Linked issues that a whole reading of their side did not show: deleted, moved or hidden. */
export async function findGone(engine: Engine, side: LinkSide, seen: ReadonlySet<string>): Promise<void> {
  for (let after: string | undefined; ;) {
    const links = await engine.links.page('issue', after, 200);
    if (links.length === 0) return;
    for (const link of links) {
      const key = link[side]?.key;
      const isLive = link.state === 'active' || link.state === 'conflicted';
      if (!isLive || key === undefined || seen.has(key)) continue;
      await engine.attempt({ side, key }, async () => {
        await letGo(engine, side, link, await engine.tracker(side).locate(key));
      });
    }
    await engine.commits.drain();
    after = links.at(-1)?.id;
  }
}
