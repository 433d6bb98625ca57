import type { ProjectReads } from '../stream-reader.js';
import { passStart, type WalkCursor } from '../updated-walk.js';
import type { Query } from './asker.js';
import { projectsOf } from './connection.js';
import { GraphQlFailure } from './failure.js';
import { keyOf, type Part, type Slice, type Wish } from './pulse-board.js';
import { shippingQuery, workQuery } from './pulse-query.js';
import type { Reading } from './reading.js';

type Kind = 'work' | 'shipping';

const kindOf: Readonly<Record<Part, Kind>> = {
  merge_requests: 'work',
  pipelines: 'work',
  releases: 'shipping',
  registry: 'shipping',
  branches: 'shipping',
};
const fieldOf: Readonly<Record<Part, string>> = {
  merge_requests: 'mergeRequests',
  pipelines: 'pipelines',
  releases: 'releases',
  registry: 'containerRepositories',
  branches: 'repository',
};

/** Marks further apart do not share an answer: one project that stood still must not widen the window for all. */
const widestWindowMs = 60 * 60_000;
/** More branches than this are cheaper by REST, which takes fifty names at once. */
const mostBranches = 20;

interface Group {
  readonly kind: Kind;
  readonly wishes: Wish[];
  answer?: Promise<void>;
}

/**
 * The shared answers of one run. What was announced is put into groups of projects; a group is asked for when the first of
 * its members is read, so that a run over a thousand projects does not hold a thousand answers.
 */
export class Pulses {
  private readonly groups = new Map<string, Group>();
  private readonly slices = new Map<string, Slice>();
  private shareable: ReadonlySet<string> = new Set();

  constructor(private readonly reading: Reading) {}

  announce(reads: readonly ProjectReads[]): void {
    const wishes = reads.flatMap(wishesOf);
    const { memory, options } = this.reading;
    const known = memory.board.join(options.connection, wishes, this.nowMs());
    if (options.fresh !== true) this.shareable = known;
    this.slices.clear();
    this.groups.clear();
    for (const kind of ['work', 'shipping'] as const) {
      this.group(
        kind,
        wishes.filter(({ part }) => kindOf[part] === kind),
      );
    }
  }

  /** A part of an announced project; undefined where it has to be asked for by itself. */
  async slice(part: Part, projectId: number): Promise<Slice | undefined> {
    const key = keyOf({ part, projectId });
    const group = this.groups.get(key);
    const wish = group?.wishes.find((one) => keyOf(one) === key);
    if (group === undefined || wish === undefined) return undefined;
    if (!this.slices.has(key)) await this.fetch(group, wish);
    return this.slices.get(key);
  }

  private async fetch(group: Group, wish: Wish): Promise<void> {
    if (group.answer === undefined && (await this.taken(wish))) return;
    if (!(await this.reading.isOpen(wish.part, wish.projectId))) return;
    group.answer ??= this.ask(group);
    await group.answer;
  }

  private async taken(wish: Wish): Promise<boolean> {
    if (!this.shareable.has(keyOf(wish))) return false;
    const { memory, options } = this.reading;
    await memory.board.underWay(wish);
    const slice = memory.board.take(options.connection, wish, this.nowMs());
    if (slice !== undefined) this.slices.set(keyOf(wish), slice);
    return slice !== undefined;
  }

  private async ask(group: Group): Promise<void> {
    const { memory, options } = this.reading;
    const own = group.wishes.filter((wish) => !this.slices.has(keyOf(wish)));
    const wishes = this.withOthers(group.kind, own);
    const work = this.askAll(group.kind, wishes);
    memory.board.announce(wishes.map(keyOf), work);
    for (const [wish, slice] of await work) {
      memory.board.offer(options.connection, wish, slice);
      if (own.includes(wish)) this.slices.set(keyOf(wish), slice);
    }
  }

  /** The same request answers for other connections' projects, as far as there is room. */
  private withOthers(kind: Kind, own: readonly Wish[]): Wish[] {
    const { memory, options, now } = this.reading;
    const size = memory.paces[kind].now(now());
    const projects = new Set(own.map(({ projectId }) => projectId));
    const taken = new Set(own.map(keyOf));
    const branches = new Set(own.flatMap((wish) => wish.branches ?? []));
    const oldest = Math.min(...own.map(sinceMs));
    const all = [...own];
    for (const wish of memory.board.expected(options.connection, this.nowMs())) {
      if (kindOf[wish.part] !== kind || taken.has(keyOf(wish))) continue;
      if (memory.way.objection(now(), wish.part, wish.projectId) !== undefined) continue;
      if (wish.since !== undefined && Math.abs(sinceMs(wish) - oldest) > widestWindowMs) continue;
      if (!projects.has(wish.projectId) && projects.size >= size) continue;
      if (new Set([...branches, ...(wish.branches ?? [])]).size > mostBranches) continue;
      for (const name of wish.branches ?? []) branches.add(name);
      projects.add(wish.projectId);
      taken.add(keyOf(wish));
      all.push(wish);
    }
    return all;
  }

  /** Asks for less where it was too much, for each part alone where one of them is not understood. */
  private async askAll(kind: Kind, wishes: readonly Wish[]): Promise<Map<Wish, Slice>> {
    if (wishes.length === 0) return new Map();
    const ids = [...new Set(wishes.map(({ projectId }) => projectId))];
    const parts = [...new Set(wishes.map(({ part }) => part))];
    const pace = this.reading.memory.paces[kind];
    try {
      return await this.askOnce(kind, wishes, ids);
    } catch (error) {
      if (!(error instanceof GraphQlFailure)) throw error;
      const [part, id] = [parts[0] ?? 'pipelines', ids[0]];
      const isHeavy = error.kind === 'heavy' || error.kind === 'cursor';
      if (isHeavy && ids.length > 1) {
        pace.slowDown(ids.length, this.reading.now());
        const half = new Set(ids.slice(0, Math.ceil(ids.length / 2)));
        return this.askEach(kind, [
          wishes.filter(({ projectId }) => half.has(projectId)),
          wishes.filter(({ projectId }) => !half.has(projectId)),
        ]);
      }
      const byPart = parts.map((one) => wishes.filter((wish) => wish.part === one));
      if ((isHeavy || error.kind === 'lacking') && parts.length > 1) return this.askEach(kind, byPart);
      this.reading.giveUp(error, part, isHeavy ? id : undefined);
      return new Map();
    }
  }

  private async askEach(kind: Kind, portions: readonly (readonly Wish[])[]): Promise<Map<Wish, Slice>> {
    const all = new Map<Wish, Slice>();
    for (const portion of portions) {
      // What the portion before found out may concern this one.
      const open = portion.filter(
        ({ part, projectId }) => this.reading.memory.way.objection(this.reading.now(), part, projectId) === undefined,
      );
      for (const [wish, slice] of await this.askAll(kind, open)) all.set(wish, slice);
    }
    return all;
  }

  private async askOnce(kind: Kind, wishes: readonly Wish[], ids: readonly number[]): Promise<Map<Wish, Slice>> {
    const branches = [...new Set(wishes.flatMap(({ branches: names }) => names ?? []))];
    const bound = kind === 'work' ? new Date(Math.min(...wishes.map(sinceMs))).toISOString() : undefined;
    const askedAtMs = this.nowMs();
    const { data, serverDate, slow } = await this.reading.asker.ask(queryOf(wishes, ids, bound, branches));
    if (slow) this.reading.memory.paces[kind].slowDown(ids.length, this.reading.now());
    const projects = projectsOf(data);
    const startedAt = (serverDate ?? new Date(askedAtMs)).toISOString();
    return new Map(
      wishes.map((wish) => {
        const project = projects.get(wish.projectId);
        const [value, isMissing] = [project?.[fieldOf[wish.part]], project === undefined];
        const since = bound === undefined ? {} : { since: bound };
        return [wish, { value, isMissing, startedAt, askedAtMs, branches, ...since }];
      }),
    );
  }

  private group(kind: Kind, wishes: readonly Wish[]): void {
    const size = this.reading.memory.paces[kind].now(this.reading.now());
    const byProject = new Map<number, Wish[]>();
    for (const wish of wishes) byProject.set(wish.projectId, [...(byProject.get(wish.projectId) ?? []), wish]);
    const projects = [...byProject.values()].sort((a, b) => earliest(a) - earliest(b));
    let group: Group | undefined;
    let members = 0;
    for (const project of projects) {
      const start = Math.min(...(group?.wishes ?? []).map(sinceMs));
      const isFar = Number.isFinite(start) && earliest(project) - start > widestWindowMs;
      if (group === undefined || members >= size || isFar) {
        group = { kind, wishes: [] };
        members = 0;
      }
      group.wishes.push(...project);
      members += 1;
      for (const wish of project) this.groups.set(keyOf(wish), group);
    }
  }

  private nowMs(): number {
    return this.reading.now().getTime();
  }
}

function queryOf(
  wishes: readonly Wish[],
  ids: readonly number[],
  since: string | undefined,
  branches: readonly string[],
): Query {
  const has = (part: Part): boolean => wishes.some((wish) => wish.part === part);
  if (since !== undefined) {
    return workQuery(ids, since, { mergeRequests: has('merge_requests'), pipelines: has('pipelines') });
  }
  return shippingQuery(ids, { releases: has('releases'), repositories: has('registry'), branches });
}

function wishesOf(reads: ProjectReads): Wish[] {
  const { projectId, branches = [] } = reads;
  const wishes: Wish[] = [];
  if (reads.mergeRequests !== undefined) wishes.push(...walkWish('merge_requests', projectId, reads.mergeRequests));
  if (reads.pipelines !== undefined) wishes.push(...walkWish('pipelines', projectId, reads.pipelines));
  if (reads.releases === true) wishes.push({ part: 'releases', projectId });
  if (reads.registryRepositories === true) wishes.push({ part: 'registry', projectId });
  if (branches.length > 0 && branches.length <= mostBranches) wishes.push({ part: 'branches', projectId, branches });
  return wishes;
}

/** A first or interrupted pass has too much to tell for a shared answer. */
function walkWish(part: Part, projectId: number, cursor: WalkCursor): Wish[] {
  const since = passStart(cursor, {});
  if (cursor.mark === undefined || cursor.position !== undefined || since === undefined) return [];
  return [{ part, projectId, mark: cursor.mark, since }];
}

function sinceMs({ since }: Wish): number {
  return since === undefined ? Number.POSITIVE_INFINITY : Date.parse(since);
}

function earliest(wishes: readonly Wish[]): number {
  return Math.min(...wishes.map(sinceMs));
}
