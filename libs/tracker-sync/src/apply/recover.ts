import type { Issue, LinkSide, TrackerComment } from '@syncline/connector-sdk';
import { ConnectorError, issueFieldNames } from '@syncline/connector-sdk';
import type { CommentLink, IssueLink, ItemRef } from '../links.js';
import { originKey } from '../origin.js';
import { otherSide } from '../policy.js';
import { findMarkers, readFrame } from '../text/index.js';
import { canonicalText, canonicalTitle, isEmpty, type FieldValue, type IssueValues } from '../values.js';
import type { Engine } from './engine.js';
import { hashOf } from './comment-text.js';
import { asReturned } from './write-issue.js';

/** How far the remote's clock may be behind ours. A wrong time zone must not make a copy twice. */
const clockSkewMs = 26 * 60 * 60_000;
/** The same for what has no marker, where a wide net would catch what is only called alike. */
const doubtSkewMs = 60 * 60_000;

/** Copies that were begun and never confirmed: found by their markers among what our account wrote, or made again. */
export async function recover(engine: Engine): Promise<readonly ItemRef[]> {
  const unsettled = await engine.links.unsettled();
  const again: ItemRef[] = [];
  for (const side of ['left', 'right'] as const) {
    const issues = unsettled.filter((link): link is IssueLink => link.kind === 'issue' && link.intent?.side === side);
    again.push(...(await recoverIssues(engine, side, issues)));
    const comments = unsettled.filter(
      (link): link is CommentLink => link.kind === 'comment' && link.intent?.side === side,
    );
    again.push(...(await recoverComments(engine, side, comments)));
  }
  await engine.commits.drain();
  return again;
}

const claimedAt = (link: IssueLink | CommentLink): number => Date.parse(link.intent?.claimedAt ?? '') || 0;

/** May a request of whoever claimed it still be on its way? */
function isFresh(engine: Engine, link: IssueLink | CommentLink): boolean {
  const { session, quarantineMs } = engine.context;
  return session.now().getTime() < claimedAt(link) + quarantineMs;
}

async function hold(engine: Engine, items: readonly ItemRef[], link: IssueLink | CommentLink): Promise<void> {
  const retryAt = new Date(claimedAt(link) + engine.context.quarantineMs);
  const error = new ConnectorError(
    'transient',
    'The answer to a creation was lost; it is looked for again before it is repeated.',
  );
  for (const item of items) await engine.setAside(item, error, retryAt);
}

async function recoverIssues(engine: Engine, side: LinkSide, links: readonly IssueLink[]): Promise<ItemRef[]> {
  if (links.length === 0) return [];
  const from = otherSide(side);
  const wanted = new Map(links.map((link) => [originKey(link.origin), link]));
  const since = new Date(Math.min(...links.map(claimedAt)) - clockSkewMs);
  const found = new Map<string, Issue>();
  const unmarked: Issue[] = [];
  for await (const page of engine.tracker(side).createdByMe(since)) {
    for (const issue of page) {
      const origin = findMarkers(canonicalText(issue.description)).at(-1)?.marker.origin;
      const link = origin === undefined ? undefined : wanted.get(originKey(origin));
      const known = link === undefined ? undefined : found.get(link.id);
      if (origin === undefined) unmarked.push(issue);
      // Two with one marker: the first is kept, the other is reported by the full pass.
      if (link !== undefined && (known === undefined || Number(issue.key) < Number(known.key)))
        found.set(link.id, issue);
    }
  }
  const again: ItemRef[] = [];
  for (const link of links) {
    const item = { side: from, key: link[from]?.key ?? '' };
    const copy = found.get(link.id);
    if (copy !== undefined) {
      await confirmFound(engine, side, link, copy);
      again.push(item);
    } else if (await isDoubtful(engine, side, link, unmarked)) continue;
    else if (isFresh(engine, link)) await hold(engine, [item], link);
    else {
      await engine.links.release([link.id]);
      engine.commits.add({
        history: [{ action: 'retried', item, side, reason: 'Its copy was begun and never made.' }],
      });
      again.push(item);
    }
  }
  return again;
}

/** Ours, of that time and title, with the marker gone: a person says whether it is the copy. */
async function isDoubtful(
  engine: Engine,
  side: LinkSide,
  link: IssueLink,
  unmarked: readonly Issue[],
): Promise<boolean> {
  const { title } = await asReturned(engine, side, link.baseline?.[side].values ?? {});
  const alike = unmarked.filter(
    (issue) => canonicalTitle(issue.title) === title && Date.parse(issue.createdAt) >= claimedAt(link) - doubtSkewMs,
  );
  const taken = await engine.links.byKey(
    'issue',
    side,
    alike.map(({ key }) => key),
  );
  const doubt = alike.find(({ key }) => !taken.some((other) => other[side]?.key === key));
  if (doubt === undefined || link.intent === undefined) return false;
  engine.doubts.add(`${side} ${doubt.key}`);
  const item = { side: otherSide(side), key: link[otherSide(side)]?.key ?? '' };
  const message = `Its copy may be ${doubt.url}, which has lost its marker. Link the two by hand, or delete that one.`;
  engine.commits.add({ links: [{ ...link, intent: { ...link.intent, doubt: { key: doubt.key, url: doubt.url } } }] });
  await engine.setAside(item, new ConnectorError('permanent', message));
  return true;
}

/**
 * What a copy held right after it was made, as far as it can be told. Somebody may have edited it since, and the tracker
 * may not have kept everything: what is empty now counts as not kept, anything else as a person's edit.
 */
function baseOfFound(copy: Issue, now: IssueValues, sent: Partial<IssueValues>): Partial<IssueValues> {
  if (copy.updatedAt === copy.createdAt) return pick(now, sent);
  const base: Partial<Record<keyof IssueValues, FieldValue>> = {};
  for (const field of issueFieldNames) {
    const [wanted, value] = [sent[field], now[field]];
    if (wanted === undefined) continue;
    if (field === 'labels' || field === 'assignees')
      base[field] = now[field].filter((name) => sent[field]?.includes(name));
    else if (field === 'title' || field === 'description') base[field] = wanted;
    // It was made open, and closed by a second write that may be missing.
    else if (field === 'state') base[field] = wanted === 'closed' ? value : wanted;
    else base[field] = isEmpty(value) ? value : wanted;
  }
  return base as Partial<IssueValues>;
}

function pick(values: IssueValues, fields: Partial<IssueValues>): Partial<IssueValues> {
  return Object.fromEntries(Object.entries(values).filter(([field]) => field in fields));
}

/** The copy exists: the link is confirmed, and both sides are looked at again. */
async function confirmFound(engine: Engine, side: LinkSide, link: IssueLink, copy: Issue): Promise<void> {
  const { baseline, intent: _intent, ...kept } = link;
  const linked: IssueLink = { ...kept, state: 'active', [side]: engine.ref(side, copy) };
  const sent = await asReturned(engine, side, baseline?.[side].values ?? {});
  const values = baseOfFound(copy, engine.values(linked, side, copy), sent);
  const from = otherSide(side);
  // A copy that was to be closed and is not: the base says that the original was open, too.
  const behind = sent.state === 'closed' && values.state === 'opened' ? { state: values.state } : {};
  const next: IssueLink = {
    ...linked,
    ...(baseline !== undefined && {
      baseline: {
        ...baseline,
        [side]: { values, version: '', commentCount: 0 },
        [from]: { ...baseline[from], values: { ...baseline[from].values, ...behind }, version: '' },
      },
    }),
  };
  engine.commits.add({ links: [next], history: [{ action: 'created', linkId: link.id, side, reason: found }] });
  engine.names.note('issue', next.left?.key ?? '', next.right?.key ?? '');
}

const found = 'It had been made before the answer was lost, and was found by its marker.';

async function recoverComments(engine: Engine, side: LinkSide, links: readonly CommentLink[]): Promise<ItemRef[]> {
  const again = new Map<string, readonly ItemRef[]>();
  const from = otherSide(side);
  const parents = await engine.links.byId([...new Set(links.map(({ parentId }) => parentId))]);
  for (const parent of parents) {
    const issueKey = parent[side]?.key;
    if (issueKey === undefined) continue;
    // Whichever side the issue is come to from, its comments are in the way.
    const items = [
      { side: from, key: parent[from]?.key ?? '' },
      { side, key: issueKey },
    ];
    const comments = await engine.tracker(side).comments(issueKey);
    for (const link of links.filter(({ parentId }) => parentId === parent.id)) {
      const copy = comments.find(({ body }) => markerOf(body) === originKey(link.origin));
      if (copy !== undefined) {
        confirmComment(engine, side, issueKey, link, copy);
        again.set(parent.id, items);
      } else if (isFresh(engine, link)) await hold(engine, items, link);
      else {
        await engine.links.release([link.id]);
        engine.commits.add({
          history: [
            { action: 'retried', linkId: parent.id, side, reason: 'The copy of a comment was begun and never made.' },
          ],
        });
        again.set(parent.id, items);
      }
    }
  }
  return [...again.values()].flat();
}

const markerOf = (body: string): string | undefined => {
  const marker = readFrame(canonicalText(body)).marker;
  return marker === undefined ? undefined : originKey(marker.origin);
};

function confirmComment(
  engine: Engine,
  side: LinkSide,
  issueKey: string,
  link: CommentLink,
  copy: TrackerComment,
): void {
  const { intent: _intent, ...kept } = link;
  const { instanceId, projectId } = engine.place(side);
  const ref = {
    instanceId,
    projectId,
    key: `${issueKey}#${copy.id}`,
    ...(copy.url !== undefined && { url: copy.url }),
  };
  const baseline = { original: '', revision: engine.context.revision, ...link.baseline, copy: hashOf(copy.body) };
  engine.commits.add({
    links: [{ ...kept, state: 'active', [side]: ref, baseline }],
    history: [{ action: 'created', linkId: link.id, side, reason: found }],
  });
}
