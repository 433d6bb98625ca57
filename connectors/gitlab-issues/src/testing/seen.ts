import { findMarkers, originKey } from '@syncline/tracker-sync';
import type { PairWorld, SimulatedSide } from './pair-world.js';

/** What people see on both sides of a pair, without what differs from world to world: ids, addresses and times. */
export function seenByPeople({ source, target }: Pick<PairWorld, 'source' | 'target'>): Readonly<Record<string, Seen>> {
  return { source: seenOn(source, [source, target]), target: seenOn(target, [source, target]) };
}

export type Seen = ReturnType<typeof seenOn>;

function seenOn(side: SimulatedSide, both: readonly SimulatedSide[]) {
  const plain = (text: string): string => both.reduce(withNames, ownNames(side, text));
  const issues = side.issues.map(({ iid }) => {
    const view = side.view(iid);
    const comments = view.comments.map(({ body, internal }) => ({ body: plain(body), internal }));
    return { ...view, labels: [...view.labels].sort(), text: plain(view.text), comments };
  });
  const milestones = [...side.project.milestones.values()];
  return {
    issues: issues.sort((one, other) => (JSON.stringify(one) < JSON.stringify(other) ? -1 : 1)),
    labels: side.world.labels.list(side.project).map(({ name, color, description }) => [name, color, description]),
    milestones: milestones.map(({ title, state, dueDate }) => [title, state, dueDate]).sort(),
  };
}

/** References within a project: its issues by their titles, its files by their names and what is in them. */
function ownNames(side: SimulatedSide, text: string): string {
  return text
    .replace(/\/uploads\/([0-9a-f]{32})\/([\w.-]+)/g, (_all, secret: string, name: string) => {
      const bytes = side.project.uploads.get(secret)?.bytes.toString('base64') ?? 'nothing';
      return `/uploads/<${bytes}>/${name}`;
    })
    .replace(/(?<![\w/&<])#(\d+)/g, (_all, iid: string) => `#<${titleOf(side, iid)}>`);
}

/** Full addresses of a side. */
function withNames(text: string, side: SimulatedSide): string {
  const address = `${side.gitLab.url}/${side.project.fullPath}`;
  return text
    .replaceAll(
      new RegExp(`${address}/-/issues/(\\d+)`, 'g'),
      (_all, iid: string) => `<${side.name} ${titleOf(side, iid)}>`,
    )
    .replaceAll(side.gitLab.url, `<${side.name}>`);
}

const titleOf = (side: SimulatedSide, iid: string): string =>
  side.project.issues.byIid.get(Number(iid))?.title ?? `no issue ${iid}`;

/** Everything that can be lost or doubled, one line each. */
export function thingsOf(seen: Readonly<Record<string, Seen>>): string[] {
  return Object.entries(seen).flatMap(([side, { issues, labels, milestones }]) => [
    ...issues.flatMap(({ title, comments }) => [
      `${side} issue ${title}`,
      ...comments.map(({ body, internal }) => `${side} comment ${title}: ${body} ${internal}`),
    ]),
    ...labels.map(([name]) => `${side} label ${name ?? ''}`),
    ...milestones.map(([title]) => `${side} milestone ${title ?? ''}`),
  ]);
}

/** What there is more often, and more seldom, than there should be. */
export function differences(
  actual: readonly string[],
  expected: readonly string[],
): { doubled: string[]; lost: string[] } {
  const surplus = (from: readonly string[], than: readonly string[]): string[] => {
    const rest = [...than];
    return from.filter((thing) => {
      const at = rest.indexOf(thing);
      if (at >= 0) rest.splice(at, 1);
      return at < 0;
    });
  };
  return { doubled: surplus(actual, expected), lost: surplus(expected, actual) };
}

/** Origins that more than one text of a project claims to be the copy of. */
export function doubledOrigins(side: SimulatedSide): string[] {
  const texts = side.issues.flatMap(({ iid, description }) => [
    description ?? '',
    ...side.comments(iid).map(({ body }) => body),
  ]);
  const origins = texts.flatMap((text) => findMarkers(text).slice(-1)).map(({ marker }) => originKey(marker.origin));
  return origins.filter((origin, at) => origins.indexOf(origin) !== at);
}
