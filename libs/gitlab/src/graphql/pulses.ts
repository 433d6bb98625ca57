import type { ProjectReads } from '../stream-reader.js';
import { type Kind, kindOf, PulseAsking } from './pulse-asking.js';
import { keyOf, type Part, type Slice, type Wish } from './pulse-board.js';
import type { Reading } from './reading.js';
import { earliest, mostBranches, sinceMs, wishesOf } from './wishes.js';

/** Marks further apart do not share an answer: one project that stood still must not widen the window for all. */
const widestWindowMs = 60 * 60_000;

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
  private readonly asking: PulseAsking;
  private shareable: ReadonlySet<string> = new Set();

  constructor(private readonly reading: Reading) {
    this.asking = new PulseAsking(reading);
  }

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
    await this.reading.othersWork(memory.board.underWay(wish));
    const slice = memory.board.take(options.connection, wish, this.nowMs());
    if (slice !== undefined) this.slices.set(keyOf(wish), slice);
    return slice !== undefined;
  }

  private async ask(group: Group): Promise<void> {
    const { memory, options } = this.reading;
    const own = group.wishes.filter((wish) => !this.slices.has(keyOf(wish)) && this.asking.isOpen(wish));
    if (own.length === 0) return;
    const wishes = this.withOthers(group.kind, own);
    const work = this.asking.ask(group.kind, wishes);
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
      if (!this.asking.isOpen(wish)) continue;
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
