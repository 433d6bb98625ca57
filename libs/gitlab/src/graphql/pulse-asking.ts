import type { Query } from './asker.js';
import { projectsOf } from './connection.js';
import { GraphQlFailure } from './failure.js';
import type { Part, Slice, Wish } from './pulse-board.js';
import { shippingQuery, workQuery } from './pulse-query.js';
import type { Reading } from './reading.js';
import { sinceMs } from './wishes.js';

/** Parts that are asked for together: what changed, and what is there. All five in one query would be too complex. */
export type Kind = 'work' | 'shipping';

export const kindOf: Readonly<Record<Part, Kind>> = {
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

/** With so few projects it is the parts that make a query dear. */
const fewProjects = 10;

/** Asks for what many projects wish, in one request if GitLab can answer it, and in portions where it cannot. */
export class PulseAsking {
  constructor(private readonly reading: Reading) {}

  /** Asks for less where it was too much, for each part alone where one of them is not understood. */
  async ask(kind: Kind, wishes: readonly Wish[]): Promise<Map<Wish, Slice>> {
    if (wishes.length === 0) return new Map();
    const ids = [...new Set(wishes.map(({ projectId }) => projectId))];
    const parts = [...new Set(wishes.map(({ part }) => part))];
    const pace = this.reading.memory.paces[kind];
    try {
      return await this.askOnce(kind, wishes, ids);
    } catch (error) {
      if (!(error instanceof GraphQlFailure)) throw error;
      const [part, id] = [parts[0], ids[0]];
      if (part === undefined || id === undefined) throw error;
      const isTooMuch = error.kind === 'heavy' || error.kind === 'complex';
      const concernsSome = isTooMuch || error.kind === 'spoiled' || error.kind === 'cursor';
      // What a query counts for depends on its parts, and hardly on the number of projects.
      const isFewer = error.kind === 'complex' ? ids.length > fewProjects || parts.length === 1 : true;
      if (concernsSome && isFewer && ids.length > 1) {
        if (isTooMuch) pace.slowDown(ids.length, this.reading.now());
        const half = new Set(ids.slice(0, Math.ceil(ids.length / 2)));
        return this.askEach(kind, [
          wishes.filter(({ projectId }) => half.has(projectId)),
          wishes.filter(({ projectId }) => !half.has(projectId)),
        ]);
      }
      const byPart = parts.map((one) => wishes.filter((wish) => wish.part === one));
      if ((concernsSome || error.kind === 'lacking') && parts.length > 1) return this.askEach(kind, byPart);
      this.reading.giveUp(error, part, id);
      return new Map();
    }
  }

  private async askEach(kind: Kind, portions: readonly (readonly Wish[])[]): Promise<Map<Wish, Slice>> {
    const all = new Map<Wish, Slice>();
    for (const portion of portions) {
      // What the portion before found out may concern this one.
      const open = portion.filter((wish) => this.isOpen(wish));
      for (const [wish, slice] of await this.ask(kind, open)) all.set(wish, slice);
    }
    return all;
  }

  private async askOnce(kind: Kind, wishes: readonly Wish[], ids: readonly number[]): Promise<Map<Wish, Slice>> {
    const branches = [...new Set(wishes.flatMap(({ branches: names }) => names ?? []))];
    const bound = kind === 'work' ? new Date(Math.min(...wishes.map(sinceMs))).toISOString() : undefined;
    const askedAtMs = this.reading.now().getTime();
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

  isOpen({ part, projectId }: Wish): boolean {
    const { memory, now } = this.reading;
    return memory.way.objection(now(), part, projectId) === undefined;
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
