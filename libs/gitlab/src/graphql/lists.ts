import { ConnectorError } from '@syncline/connector-sdk';
import type { ListCursor, Page, PageItem, ReadOptions } from '../stream-reader.js';
import type { WalkCursor } from '../updated-walk.js';
import { passStart } from '../updated-walk.js';
import {
  connectionOf,
  itemsOf,
  lastUpdatedAt,
  type NodeKind,
  projectsOf,
  type RawConnection,
  updatedAtOf,
} from './connection.js';
import { GraphQlFailure } from './failure.js';
import { type ListName, listQuery } from './list-query.js';
import type { Part, Slice } from './pulse-board.js';
import type { Pulses } from './pulses.js';
import type { Reading } from './reading.js';
import { afterPage, nextStep, type WalkStep } from './walk.js';

/** A list of a project, and how it is read by REST where GraphQL cannot. */
export interface ListSpec<T, TCursor> {
  readonly name: ListName;
  readonly part: Part;
  readonly kind: NodeKind<T>;
  rest(cursor: TCursor | undefined): AsyncIterable<Page<T, TCursor>>;
}

interface RawPage {
  readonly connection: RawConnection;
  readonly startedAt: string;
  readonly step: WalkStep;
}

/**
 * One pass over what changed. The first page comes from a shared answer where there is one; from any page on REST may take
 * over, because the cursor says the same to both.
 */
export async function* walkChanges<T>(
  reading: Reading,
  pulses: Pulses,
  spec: ListSpec<T, WalkCursor> & { readonly order: 'updated' | 'newestFirst' },
  projectId: number,
  from: WalkCursor | undefined,
  options: ReadOptions,
): AsyncIterable<Page<T, WalkCursor>> {
  let cursor = from;
  let page = await pulsePage(reading, pulses, spec.part, projectId, cursor);
  do {
    page ??= await nextPage(reading, spec, projectId, cursor, options);
    if (page === undefined || page === 'hidden') {
      yield* spec.rest(cursor);
      return;
    }
    const { connection, startedAt, step } = page;
    const last = spec.order === 'updated' ? lastUpdatedAt(connection.nodes) : undefined;
    cursor = afterPage(cursor, step, { startedAt, lastUpdatedAt: last, endCursor: connection.endCursor }, spec.order);
    yield { items: itemsOf(connection, spec.kind), cursor };
    page = undefined;
  } while (cursor.position !== undefined);
}

/**
 * All of a list that has no order of change, each object once: REST begins again where it takes over, and rows may move from
 * page to page.
 */
export async function* readWhole<T>(
  reading: Reading,
  pulses: Pulses,
  spec: ListSpec<T, ListCursor> & { keyOf(value: T): string },
  projectId: number,
  from: ListCursor | undefined,
): AsyncIterable<Page<T, ListCursor>> {
  let after = from?.after;
  const seen = new Set<string>();
  const unseen = (items: readonly PageItem<T>[]): PageItem<T>[] =>
    items.filter((item) => {
      const key = item.ok ? spec.keyOf(item.value) : item.id;
      return seen.has(key) ? false : seen.add(key);
    });
  const slice = after === undefined ? await pulses.slice(spec.part, projectId) : undefined;
  let connection: RawConnection | 'hidden' | undefined = slice && shown(reading, spec.part, projectId, slice);
  do {
    connection ??= await wholePage(reading, spec, projectId, after);
    if (connection === undefined || connection === 'hidden') {
      for await (const { items, cursor } of spec.rest(undefined)) yield { items: unseen(items), cursor };
      return;
    }
    after = connection.endCursor;
    yield { items: unseen(itemsOf(connection, spec.kind)), cursor: after === undefined ? {} : { after } };
    connection = undefined;
  } while (after !== undefined);
}

/** What a shared answer has of a project; hidden from the token as a whole, or in this part. */
function shown(reading: Reading, part: Part, projectId: number, slice: Slice): RawConnection | 'hidden' {
  const connection = connectionOf(slice.value);
  if (connection === undefined) reading.sayHidden(projectId, slice.isMissing ? undefined : part);
  return connection ?? 'hidden';
}

async function pulsePage(
  reading: Reading,
  pulses: Pulses,
  part: Part,
  projectId: number,
  cursor: WalkCursor | undefined,
): Promise<RawPage | 'hidden' | undefined> {
  if (cursor?.mark === undefined || cursor.position !== undefined) return undefined;
  const slice = await pulses.slice(part, projectId);
  const since = passStart(cursor, {});
  if (slice?.since === undefined || since === undefined || slice.since > since) return undefined;
  const connection = shown(reading, part, projectId, slice);
  if (connection === 'hidden') return connection;
  // The window is that of the project that was read longest ago; what this one knows is not news.
  const start = Math.floor(Date.parse(since) / 1000) * 1000;
  const nodes = connection.nodes.filter((node) => (updatedAtOf(node)?.getTime() ?? start) >= start);
  return { connection: { ...connection, nodes }, startedAt: slice.startedAt, step: { updatedAfter: slice.since } };
}

/** Undefined: REST goes on. Pages become smaller until the server can make them. */
async function nextPage<T>(
  reading: Reading,
  spec: ListSpec<T, WalkCursor> & { readonly order: 'updated' | 'newestFirst' },
  projectId: number,
  from: WalkCursor | undefined,
  options: ReadOptions,
): Promise<RawPage | undefined> {
  let cursor = from;
  for (;;) {
    const step = nextStep(cursor, options, spec.order);
    const answer = await onePage(reading, spec, projectId, { after: step.after, since: step.updatedAfter });
    if (answer === 'lost place' && cursor?.position?.hint !== undefined) {
      const { hint: _hint, ...position } = cursor.position;
      cursor = { ...cursor, position };
    } else {
      return answer === 'lost place' || answer === undefined ? undefined : { ...answer, step };
    }
  }
}

async function wholePage<T>(
  reading: Reading,
  spec: ListSpec<T, ListCursor>,
  projectId: number,
  after: string | undefined,
): Promise<RawConnection | undefined> {
  const answer = await onePage(reading, spec, projectId, { after });
  return answer === undefined || answer === 'lost place' ? undefined : answer.connection;
}

async function onePage(
  reading: Reading,
  { name, part }: { readonly name: ListName; readonly part: Part },
  projectId: number,
  place: { readonly after?: string; readonly since?: string },
): Promise<Omit<RawPage, 'step'> | 'lost place' | undefined> {
  const pace = reading.memory.paces[name];
  while (await reading.isOpen(part, projectId)) {
    const first = pace.now(reading.now());
    try {
      const { data, serverDate, slow } = await reading.asker.ask(listQuery(name, projectId, { ...place, first }));
      if (slow) pace.slowDown(first, reading.now());
      const project = projectsOf(data).get(projectId);
      const connection = connectionOf(project?.[name]);
      if (connection === undefined) {
        reading.sayHidden(projectId, project === undefined ? undefined : part);
        return undefined;
      }
      if (connection.endCursor !== undefined && connection.endCursor === place.after) {
        throw new GraphQlFailure('spoiled', 'the next page is the same again');
      }
      return { connection, startedAt: (serverDate ?? reading.now()).toISOString() };
    } catch (error) {
      if (!(error instanceof GraphQlFailure)) throw ConnectorError.from(error);
      if (error.kind === 'cursor') return 'lost place';
      if ((error.kind === 'heavy' || error.kind === 'complex') && pace.slowDown(first, reading.now())) continue;
      reading.giveUp(error, part, projectId);
    }
  }
  return undefined;
}
