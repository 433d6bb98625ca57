import { ConnectorError, type LinkSide, type TrackerPlace } from '@syncline/connector-sdk';
import type { AttachmentLink } from '../links.js';
import { originOf } from '../origin.js';
import { otherSide } from '../policy.js';
import { ownUploads, type TextPlace } from '../text/index.js';
import type { CommitQueue } from './commit-queue.js';
import type { PairLinks } from './pair-links.js';
import type { EngineContext } from './context.js';

type Sides<T> = Readonly<Record<LinkSide, T>>;

/** Attachments: each is copied once, and every text that names it names the copy. */
export class Uploads {
  private readonly copies: Sides<Map<string, string | undefined>> = { left: new Map(), right: new Map() };
  private readonly copying = new Map<string, Promise<void>>();

  constructor(
    private readonly context: EngineContext,
    private readonly links: PairLinks,
    private readonly commits: CommitQueue,
    private readonly places: Sides<TextPlace>,
  ) {}

  /** Finds out which attachments these texts name have copies. */
  async lookUp(side: LinkSide, texts: readonly string[]): Promise<void> {
    for (const asked of [side, otherSide(side)]) {
      const known = this.copies[asked];
      const unknown = this.namedIn(asked, texts).filter((reference) => !known.has(reference));
      if (unknown.length === 0) continue;
      const links = await this.links.byKey('attachment', asked, unknown);
      for (const reference of unknown) {
        known.set(reference, links.find((link) => link[asked]?.key === reference)?.[otherSide(asked)]?.key);
      }
    }
  }

  copyOf(from: LinkSide, reference: string): string | undefined {
    return this.copies[from].get(reference);
  }

  private namedIn(side: LinkSide, texts: readonly string[]): string[] {
    const naming = texts.filter((text) => text.includes('/uploads/'));
    return [
      ...new Set(naming.flatMap((text) => text.split('\n').flatMap((line) => ownUploads(line, this.places[side])))),
    ];
  }

  /**
   * A text and its copy that are found to belong together after their links were lost: the files they name, in order, are
   * copies of each other where their names say so.
   */
  recognise(side: LinkSide, text: string, copy: string): void {
    const other = otherSide(side);
    const [here, there] = [this.namedIn(side, [text]), this.namedIn(other, [copy])];
    if (here.length !== there.length) return;
    if (here.some((reference, at) => fileName(reference) !== fileName(there[at] ?? ''))) return;
    for (const [at, reference] of here.entries()) {
      const found = there[at];
      if (found === undefined || this.copies[side].get(reference) !== undefined) continue;
      if (this.copies[other].get(found) !== undefined) continue;
      this.copies[side].set(reference, found);
      this.copies[other].set(found, reference);
      if (!this.context.isPlan) this.commits.add({ links: [this.linkOf(side, reference, found)] });
    }
  }

  /**
   * Brings what a text names to the other side, before the text itself is rendered for it. True: something was brought,
   * and the text can be said better than before.
   */
  async copyAll(from: LinkSide, text: string, issueKey: string): Promise<boolean> {
    const { policy, trackers } = this.context;
    if (!policy.attachments) return false;
    const missing = this.namedIn(from, [text]).filter((reference) => this.copies[from].get(reference) === undefined);
    if (missing.length === 0) return false;
    const { uploads, maxUploadSize } = await trackers[otherSide(from)].capabilities();
    if (!uploads) return false;
    for (const reference of missing) {
      // Several texts that name one file wait for the same copy.
      const running = this.copying.get(`${from} ${reference}`) ?? this.copy(from, reference, issueKey, maxUploadSize);
      this.copying.set(`${from} ${reference}`, running);
      try {
        await running;
      } finally {
        this.copying.delete(`${from} ${reference}`);
      }
    }
    return missing.some((reference) => this.copies[from].get(reference) !== undefined);
  }

  private async copy(from: LinkSide, reference: string, issueKey: string, maxBytes: number): Promise<void> {
    const { context } = this;
    const to = otherSide(from);
    if (context.isPlan) {
      await context.plan({
        op: 'create',
        kind: 'attachment',
        side: to,
        title: fileName(reference),
        reason: 'A text that is copied names it.',
      });
      return;
    }
    try {
      const file = await context.trackers[from].download(reference, maxBytes);
      const copy = await context.trackers[to].upload(file);
      this.copies[from].set(reference, copy);
      this.copies[to].set(copy, reference);
      this.commits.add({ links: [this.linkOf(from, reference, copy)] });
    } catch (error) {
      const failure = ConnectorError.from(error);
      if (failure.kind !== 'permanent') throw failure;
      this.copies[from].set(reference, undefined);
      this.commits.add({
        history: [
          {
            action: 'skipped',
            item: { side: from, key: issueKey },
            side: to,
            reason: `The attachment ${fileName(reference)} was not copied: ${failure.message} The text links to the original.`,
          },
        ],
      });
    }
  }

  private linkOf(from: LinkSide, reference: string, copy: string): AttachmentLink {
    const { context } = this;
    const ref = (place: TrackerPlace, key: string): AttachmentLink['left'] => ({
      instanceId: place.instanceId,
      projectId: place.projectId,
      key,
      title: fileName(key),
    });
    const to = otherSide(from);
    const sides = { [from]: ref(context.trackers[from].place, reference), [to]: ref(context.trackers[to].place, copy) };
    return {
      id: context.newId(),
      kind: 'attachment',
      state: 'active',
      origin: originOf(context.session.hubId, context.trackers[from].place, reference),
      originSide: from,
      ...sides,
    };
  }
}

const fileName = (reference: string): string => reference.slice(reference.lastIndexOf('/') + 1);
