import { z } from 'zod';
import type { PageItem } from '../stream-reader.js';
import { parseItems } from '../page.js';
import { numericId } from './global-id.js';

/** A page of a connection as it arrived. */
export interface RawConnection {
  readonly nodes: readonly unknown[];
  /** Absent on the last page. */
  readonly endCursor?: string;
}

const connectionSchema = z
  .object({
    pageInfo: z.object({ hasNextPage: z.boolean(), endCursor: z.string().nullish() }),
    nodes: z.array(z.unknown()),
  })
  .transform(({ pageInfo, nodes }): RawConnection => {
    // Rows the token may not see are null in the list.
    const visible = nodes.filter((node) => node !== null && node !== undefined);
    return pageInfo.hasNextPage && pageInfo.endCursor
      ? { nodes: visible, endCursor: pageInfo.endCursor }
      : { nodes: visible };
  });

/** Undefined for null, which GitLab answers where the token may not see the list, and for anything else. */
export function connectionOf(value: unknown): RawConnection | undefined {
  return connectionSchema.safeParse(value).data;
}

const projectsSchema = z.object({
  projects: z.object({ nodes: z.array(z.record(z.string(), z.unknown()).nullable()) }),
});

/** The projects of an answer by number. Those the token may not see are not among them; GitLab does not say so. */
export function projectsOf(data: unknown): ReadonlyMap<number, Readonly<Record<string, unknown>>> {
  const nodes = projectsSchema.safeParse(data).data?.projects.nodes ?? [];
  const found = new Map<number, Readonly<Record<string, unknown>>>();
  for (const node of nodes) {
    const id = numericId(node?.['id']);
    if (node !== null && id !== undefined) found.set(id, node);
  }
  return found;
}

/** What the walk and the reader need of a kind of object. */
export interface NodeKind<T> {
  readonly schema: z.ZodType<T>;
  /** Field that names an unreadable one; its global id otherwise. */
  readonly key: string;
  readonly what: string;
}

export function itemsOf<T>(connection: RawConnection, { schema, key, what }: NodeKind<T>): PageItem<T>[] {
  return parseItems(connection.nodes, schema, key, what).map((item) =>
    item.ok ? item : { ...item, id: String(numericId(item.id) ?? item.id) },
  );
}

/** Greatest `updatedAt` among the rows, readable or not. */
export function lastUpdatedAt(nodes: readonly unknown[]): Date | undefined {
  let last: Date | undefined;
  for (const node of nodes) {
    const time = updatedAtOf(node);
    if (time !== undefined && (last === undefined || time > last)) last = time;
  }
  return last;
}

/** When a row last changed, in whole seconds; undefined where it does not say. */
export function updatedAtOf(node: unknown): Date | undefined {
  if (typeof node !== 'object' || node === null || !('updatedAt' in node)) return undefined;
  if (typeof node.updatedAt !== 'string') return undefined;
  const time = new Date(node.updatedAt);
  return Number.isNaN(time.getTime()) ? undefined : time;
}
