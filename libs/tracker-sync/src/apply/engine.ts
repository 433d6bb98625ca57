import { createHash, randomUUID } from 'node:crypto';
import {
  ConnectorError,
  type Issue,
  type LinkRef,
  type LinkSide,
  type PlanItem,
  type SyncSession,
  type Tracker,
  type TrackerPlace,
} from '@syncline/connector-sdk';
import type { IssueLink, ItemRef, SyncLink } from '../links.js';
import { originIn, originOf, type Origin } from '../origin.js';
import { otherSide, type SyncPolicy } from '../policy.js';
import type { Rules } from '../reconcile/index.js';
import { codecRevision, readFrame, type CopyFrame } from '../text/index.js';
import { canonicalText, issueValues, type IssueValues } from '../values.js';
import { Catalogue } from './catalogue.js';
import { CommitQueue } from './commit-queue.js';
import type { EngineContext } from './context.js';
import { Names, textPlace } from './names.js';
import { PairLinks } from './pair-links.js';
import { People, type UserPair } from './people.js';
import { Uploads } from './uploads.js';

/** Two places and what their owner wants of them. */
export interface PairOptions {
  readonly left: Tracker;
  readonly right: Tracker;
  readonly policy: SyncPolicy;
  readonly users: readonly UserPair[];
  /** Issues that webhooks named, by side. */
  readonly wakes?: readonly ItemRef[];
  /** Items worked on at a time; default 16: more than a remote takes at once, so that none waits for our database. */
  readonly concurrency?: number;
  /** How long after a claim a request of another process may still be on its way; default 30 s. */
  readonly quarantineMs?: number;
  readonly newId?: () => string;
}

/** After so many failures in a row it is not the items that are at fault. */
const failuresInRow = 10;

/** One run's working set. The steps of a run are functions over it. */
export class Engine {
  readonly context: EngineContext;
  readonly links: PairLinks;
  readonly commits: CommitQueue;
  readonly people: People;
  readonly uploads: Uploads;
  readonly names: Names;
  readonly catalogue: Catalogue;
  /** Items that may be copies whose marker is gone, as `<side> <key>`: nobody copies them until a person decides. */
  readonly doubts = new Set<string>();
  /** Items that this run has set aside, as `<side> <key>`: it does not try them a second time. */
  private readonly aside = new Set<string>();
  /** Whose peer an item is to be, both as `<side> <key>`: of two that look for the same one the first gets it. */
  readonly peersOf = new Map<string, string>();
  /** Items that a plan has linked, as `<side> <key>`: the store does not know of it. */
  readonly plannedLinks = new Set<string>();
  /** Ids of links that a plan has dealt with: what it would do does not show when the other side is read. */
  readonly planned = new Set<string>();
  fetched = 0;
  stored = 0;
  private inRow = 0;

  constructor(session: SyncSession, options: PairOptions) {
    const { left, right, policy, users } = options;
    const trackers = { left, right };
    this.context = {
      session,
      trackers,
      policy,
      revision: revisionOf(users, policy),
      isPlan: session.request.kind === 'plan',
      concurrency: options.concurrency ?? 16,
      quarantineMs: options.quarantineMs ?? 30_000,
      plan: (item) => session.planned([item]),
      newId: options.newId ?? randomUUID,
    };
    const places = { left: left.place, right: right.place };
    const textPlaces = {
      left: textPlace(left.place, (key) => left.issueUrl(key)),
      right: textPlace(right.place, (key) => right.issueUrl(key)),
    };
    this.links = new PairLinks(session, places);
    this.commits = new CommitQueue(session, this.links);
    this.people = new People(users, trackers, policy, session.log);
    this.uploads = new Uploads(this.context, this.links, this.commits, textPlaces);
    this.names = new Names(this.links, textPlaces, this.people, this.uploads);
    this.catalogue = new Catalogue(this.context, this.links, this.commits);
  }

  tracker(side: LinkSide): Tracker {
    return this.context.trackers[side];
  }

  place(side: LinkSide): TrackerPlace {
    return this.tracker(side).place;
  }

  originOf(side: LinkSide, key: string): Origin {
    return originOf(this.context.session.hubId, this.place(side), key);
  }

  ref(side: LinkSide, issue: Pick<Issue, 'key' | 'url' | 'title'>): LinkRef {
    const { instanceId, projectId } = this.place(side);
    return { instanceId, projectId, key: issue.key, url: issue.url, title: issue.title };
  }

  /** Does this side of the link hold a copy? Then its text has our frame around it. */
  isCopy(link: Pick<SyncLink, 'origin' | LinkSide>, side: LinkSide): boolean {
    const key = link[side]?.key;
    return key === undefined || originIn(link.origin, this.place(side))?.issue !== key;
  }

  /** What people wrote in a description, without our frame. */
  body(link: IssueLink, side: LinkSide, description: string): string {
    const text = canonicalText(description);
    if (!this.isCopy(link, side)) return text;
    const sourceUrl = link[otherSide(side)]?.url;
    return readFrame(text, { origin: link.origin, ...(sourceUrl !== undefined && { sourceUrl }) }).body;
  }

  values(link: IssueLink, side: LinkSide, issue: Issue): IssueValues {
    return issueValues(issue, this.body(link, side, issue.description));
  }

  /** The frame of a copy. A copy of a copy names the same original. */
  frame(link: IssueLink, descriptions: readonly string[]): CopyFrame {
    const original = (['left', 'right'] as const).find((side) => link[side] !== undefined && !this.isCopy(link, side));
    const shown = descriptions
      .map((description) => readFrame(canonicalText(description), { origin: link.origin }).sourceUrl)
      .find((url) => url !== undefined);
    const sourceUrl = (original === undefined ? shown : link[original]?.url) ?? link[link.originSide]?.url;
    return { origin: link.origin, ...(sourceUrl !== undefined && { sourceUrl }) };
  }

  rules(originSide: LinkSide, more: Partial<Rules> = {}): Rules {
    const { policy, revision } = this.context;
    return {
      policy,
      revision,
      originSide,
      translation: {
        user: (from, username) => this.people.counterpart(from, username),
        milestone: (from, milestone) => this.catalogue.counterpart(from, milestone),
        text: (from) => this.names.textMap(from),
      },
      ...more,
    };
  }

  async plan(item: PlanItem): Promise<void> {
    await this.context.plan(item);
  }

  /** A decision that needs no link. */
  async skip(side: LinkSide, issue: Pick<Issue, 'key' | 'url' | 'title'>, reason: string): Promise<void> {
    if (this.context.isPlan) {
      await this.plan({ op: 'skip', kind: 'issue', side, ref: this.ref(side, issue), title: issue.title, reason });
    } else this.commits.add({ history: [{ action: 'skipped', item: { side, key: issue.key }, side, reason }] });
  }

  /**
   * Works on one item. One that fails is set aside and the others go on; a fault of the whole run is thrown. One that
   * goes well is set aside no longer, unless the work answers `unfinished`.
   */
  async attempt(item: ItemRef, work: () => Promise<unknown>): Promise<void> {
    const { session, isPlan } = this.context;
    if (session.signal.aborted) throw new ConnectorError('interrupted', 'The run was stopped.');
    if (this.aside.has(`${item.side} ${item.key}`)) return;
    try {
      const outcome = await work();
      this.inRow = 0;
      if (outcome !== 'unfinished' && !isPlan) this.commits.add({ settled: [{ stream: item.side, item: item.key }] });
    } catch (error) {
      const failure = ConnectorError.from(error);
      if (failure.kind !== 'permanent' && failure.kind !== 'transient') throw failure;
      if (failure.kind === 'transient') {
        this.inRow += 1;
        if (this.inRow >= failuresInRow) throw failure;
      }
      await this.setAside(item, failure);
    }
  }

  async setAside(item: ItemRef, error: ConnectorError, retryAt?: Date): Promise<void> {
    const { isPlan } = this.context;
    if (isPlan) {
      await this.plan({ op: 'skip', kind: 'issue', side: item.side, title: item.key, reason: error.message });
      return;
    }
    this.aside.add(`${item.side} ${item.key}`);
    const setAside = { stream: item.side, item: item.key, error, ...(retryAt !== undefined && { retryAt }) };
    this.commits.add({ setAside: [setAside] });
  }
}

/** Another mapping, or another codec, makes another revision: what we wrote is then rendered anew. */
function revisionOf(users: readonly UserPair[], policy: SyncPolicy): string {
  const pairs = users
    .map(
      ({ left, right, flow }) => `${left.toLowerCase()} ${right.toLowerCase()}${flow === undefined ? '' : ` ${flow}`}`,
    )
    .sort();
  const mapping = createHash('sha256').update(JSON.stringify([pairs, policy.unmappedUsers]));
  return `${codecRevision} ${mapping.digest('hex').slice(0, 12)}`;
}
