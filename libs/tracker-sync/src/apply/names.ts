import type { LinkSide, TrackerPlace } from '@syncline/connector-sdk';
import type { IssueLink } from '../links.js';
import { otherSide } from '../policy.js';
import { namedThings, type NameMap, type TextMap, type TextPlace } from '../text/index.js';
import type { PairLinks } from './pair-links.js';
import type { People } from './people.js';
import { Recent } from './recent.js';
import type { Uploads } from './uploads.js';

type Sides<T> = Readonly<Record<LinkSide, T>>;
type Known = Sides<Recent<string | undefined>>;

/** So many names are kept at hand: far more than the texts of one page name, far fewer than a project may have. */
const room = 20_000;

/** What texts of both sides name: looked up many at once, then told without a wait. */
export class Names {
  private readonly issues: Known = { left: new Recent(room), right: new Recent(room) };
  private readonly comments: Known = { left: new Recent(room), right: new Recent(room) };

  constructor(
    private readonly links: PairLinks,
    private readonly places: Sides<TextPlace>,
    private readonly people: People,
    private readonly uploads: Uploads,
  ) {}

  /** Looks up what these texts name, in either place. */
  async prepare(texts: Sides<readonly string[]>): Promise<void> {
    for (const side of ['left', 'right'] as const) {
      const things = texts[side].map((text) => namedThings(text, [this.places.left, this.places.right]));
      // A name on one side may be the trace of a name on the other: both are asked for.
      for (const asked of [side, otherSide(side)]) {
        await this.lookUp(
          'issue',
          asked,
          this.issues,
          things.flatMap(({ issues }) => [...issues]),
        );
        await this.lookUp(
          'comment',
          asked,
          this.comments,
          things.flatMap(({ comments }) => [...comments]),
        );
      }
      await this.uploads.lookUp(side, texts[side]);
    }
  }

  private async lookUp(
    kind: 'issue' | 'comment',
    side: LinkSide,
    known: Known,
    keys: readonly string[],
  ): Promise<void> {
    const unknown = [...new Set(keys)].filter((key) => !known[side].keep(key));
    if (unknown.length === 0) return;
    const links = await this.links.byKey(kind, side, unknown);
    for (const key of unknown) {
      // Linked while we asked: that is newer than the answer.
      if (known[side].has(key)) continue;
      const link = links.find((candidate) => candidate[side]?.key === key);
      known[side].set(key, link?.state === 'severed' ? undefined : link?.[otherSide(side)]?.key);
    }
  }

  /** Two items were linked, or taken apart (`undefined`). */
  note(kind: 'issue' | 'comment', left: string, right: string | undefined): void {
    const known = kind === 'issue' ? this.issues : this.comments;
    known.left.set(left, right);
    if (right !== undefined) known.right.set(right, left);
  }

  /** A link was read anyway. */
  see({ state, left, right }: IssueLink): void {
    if (state === 'severed' || left === undefined || right === undefined) return;
    this.note('issue', left.key, right.key);
  }

  hasCopy(side: LinkSide, key: string): boolean {
    return this.issues[side].get(key) !== undefined;
  }

  textMap(from: LinkSide): TextMap {
    const to = otherSide(from);
    const names: NameMap = {
      issue: (key) => this.issues[from].get(key),
      comment: (issueKey, id) => {
        const found = this.comments[from].get(`${issueKey}#${id}`);
        if (found === undefined) return undefined;
        const [otherIssue = '', otherId = ''] = found.split('#');
        return { issueKey: otherIssue, id: otherId };
      },
      user: (username) => this.people.mentioned(from, username),
      upload: (reference) => this.uploads.copyOf(from, reference),
    };
    return { from: this.places[from], to: this.places[to], names };
  }
}

export function textPlace(place: TrackerPlace, issueUrl: (key: string) => string): TextPlace {
  return { baseUrl: place.baseUrl, path: place.path, projectId: place.projectId, issueUrl };
}
