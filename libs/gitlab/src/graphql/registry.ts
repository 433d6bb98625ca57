import type { ListCursor, RegistryWatch, TagOptions, TagPage } from '../stream-reader.js';
import { type RawConnection, connectionOf, itemsOf } from './connection.js';
import { GraphQlFailure } from './failure.js';
import type { Reading } from './reading.js';
import { lastPublishedQuery, tagsQuery } from './registry-query.js';
import { tagNode } from './schema/registry.js';

/** A repository as an answer has it: null where it is gone, or hidden. */
interface Repository {
  readonly lastPublishedAt: Date | null;
  readonly tags: RawConnection | undefined;
}

interface Batch {
  readonly ids: readonly number[];
  answer?: Promise<ReadonlyMap<number, Repository>>;
}

type RestTags = (projectId: number, repositoryId: number) => AsyncIterable<TagPage>;

/** Registry repositories, many in one request. A registry is slow: GitLab asks it once for each of them. */
export class RegistryReader implements RegistryWatch {
  private readonly batches = new Map<number, Batch>();

  constructor(
    private readonly reading: Reading,
    private readonly restTags: RestTags,
  ) {}

  async lastPublished(repositoryIds: readonly number[]): Promise<ReadonlyMap<number, Date | null> | undefined> {
    if (!(await this.reading.isOpen('tags'))) return undefined;
    const times = new Map<number, Date | null>();
    const size = this.reading.memory.paces.published.now(this.reading.now());
    for (let at = 0; at < repositoryIds.length; at += size) {
      const answer = await this.ask('published', repositoryIds.slice(at, at + size));
      if (!(await this.reading.isOpen('tags'))) return undefined;
      for (const [id, { lastPublishedAt }] of answer) times.set(id, lastPublishedAt);
    }
    return times;
  }

  announceTags(repositoryIds: readonly number[]): void {
    this.batches.clear();
    const size = this.reading.memory.paces.tags.now(this.reading.now());
    for (let at = 0; at < repositoryIds.length; at += size) {
      const batch: Batch = { ids: repositoryIds.slice(at, at + size) };
      for (const id of batch.ids) this.batches.set(id, batch);
    }
  }

  async *tags(projectId: number, repositoryId: number, from: ListCursor, options: TagOptions): AsyncIterable<TagPage> {
    const { publishedAfter } = options;
    let after = from.after;
    do {
      const repository = await this.page(repositoryId, after, publishedAfter !== undefined);
      if (repository?.tags === undefined || (after !== undefined && repository.tags.endCursor === after)) {
        yield* this.restTags(projectId, repositoryId);
        return;
      }
      const items = itemsOf(repository.tags, {
        schema: tagNode,
        key: 'name',
        what: `a tag of repository ${repositoryId}`,
      });
      const isPast = items.some(
        (item) =>
          item.ok &&
          publishedAfter !== undefined &&
          item.value.publishedAt !== null &&
          item.value.publishedAt < publishedAfter,
      );
      after = isPast ? undefined : repository.tags.endCursor;
      const { lastPublishedAt } = repository;
      yield { items, cursor: after === undefined ? {} : { after }, lastPublishedAt };
    } while (after !== undefined);
  }

  private async page(id: number, after: string | undefined, newestFirst: boolean): Promise<Repository | undefined> {
    if (!(await this.reading.isOpen('tags', id))) return undefined;
    const batch = this.batches.get(id);
    if (batch !== undefined && after === undefined && !newestFirst) {
      this.batches.delete(id);
      batch.answer ??= this.ask('tags', batch.ids);
      const shared = (await batch.answer).get(id);
      if (shared !== undefined) return shared;
      if (!(await this.reading.isOpen('tags', id))) return undefined;
    }
    return (await this.ask('tags', [id], { newestFirst, ...(after === undefined ? {} : { after }) })).get(id);
  }

  /** Asks for fewer where it was too much; those that fail alone are missing, as those that are gone. */
  private async ask(
    pace: 'published' | 'tags',
    ids: readonly number[],
    page: { readonly newestFirst?: boolean; readonly after?: string } = {},
  ): Promise<ReadonlyMap<number, Repository>> {
    const query = pace === 'published' ? lastPublishedQuery(ids) : tagsQuery(ids, page);
    try {
      const { data, slow } = await this.reading.asker.ask(query);
      if (slow) this.reading.memory.paces[pace].slowDown(ids.length, this.reading.now());
      return repositoriesOf(data, ids);
    } catch (error) {
      if (!(error instanceof GraphQlFailure)) throw error;
      const [id] = ids;
      if (id === undefined) throw error;
      const isTooMuch = error.kind === 'heavy' || error.kind === 'complex';
      const concernsSome = isTooMuch || error.kind === 'spoiled' || error.kind === 'cursor';
      if (!concernsSome || ids.length === 1) {
        this.reading.giveUp(error, 'tags', id);
        return new Map();
      }
      if (isTooMuch) this.reading.memory.paces[pace].slowDown(ids.length, this.reading.now());
      const middle = Math.ceil(ids.length / 2);
      const first = await this.ask(pace, ids.slice(0, middle), page);
      if (!(await this.reading.isOpen('tags'))) return first;
      return new Map([...first, ...(await this.ask(pace, ids.slice(middle), page))]);
    }
  }
}

function repositoriesOf(
  data: Readonly<Record<string, unknown>>,
  ids: readonly number[],
): ReadonlyMap<number, Repository> {
  const found = new Map<number, Repository>();
  for (const [index, id] of ids.entries()) {
    const value = data[`r${index}`];
    if (typeof value !== 'object' || value === null) continue;
    const published = 'lastPublishedAt' in value ? Date.parse(String(value.lastPublishedAt)) : Number.NaN;
    found.set(id, {
      lastPublishedAt: Number.isNaN(published) ? null : new Date(published),
      tags: 'tags' in value ? connectionOf(value.tags) : undefined,
    });
  }
  return found;
}
