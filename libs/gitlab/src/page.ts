import { ConnectorError } from '@syncline/connector-sdk';
import type { z } from 'zod';
import type { PageItem } from './stream-reader.js';

/** GitLab caps larger values at 100. */
export const PER_PAGE = 100;

/** A page of a list as it arrived: items unparsed. */
export interface RawPage {
  readonly items: readonly unknown[];
  /** Absent on the last page. Totals are never used: GitLab leaves them out for large sets. */
  readonly nextPage?: number;
  /** The remote's clock; ours where it sends none. */
  readonly serverDate: Date;
}

/** Reads what a @gitbeaker resource returned for a list asked with `showExpanded`. */
export function parseListPage(answer: unknown): RawPage {
  const items = fieldOf(fieldOf(answer, 'data'), 'list');
  if (!isList(items))
    throw new ConnectorError('permanent', "GitLab's answer for a list cannot be read: it is no list.");
  const headers = fieldOf(answer, 'headers');
  const date = Date.parse(textOf(headers, 'date') ?? '');
  const nextPage = nextPageOf(headers);
  return {
    items,
    ...(nextPage === undefined ? {} : { nextPage }),
    serverDate: Number.isNaN(date) ? new Date() : new Date(date),
  };
}

/** `X-Next-Page` (empty on the last page), else `Link: rel=next`, of which only the query counts: its host is configured by hand. */
function nextPageOf(headers: unknown): number | undefined {
  const next = textOf(headers, 'x-next-page');
  if (next !== undefined) return positive(next);
  const link = /<([^>]*)>\s*;\s*rel="?next"?/i.exec(textOf(headers, 'link') ?? '')?.[1];
  if (link === undefined) return undefined;
  return positive(new URLSearchParams(link.split('?')[1] ?? '').get('page') ?? '');
}

function fieldOf(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined;
}

function textOf(value: unknown, name: string): string | undefined {
  const text = fieldOf(value, name);
  return typeof text === 'string' ? text : undefined;
}

function isList(value: unknown): value is readonly unknown[] {
  return Array.isArray(value);
}

function positive(value: string): number | undefined {
  return /^\d+$/.test(value) && Number(value) > 0 ? Number(value) : undefined;
}

/** Parses item by item: one that is unreadable is named by its `key` field and the others are read all the same. */
export function parseItems<T>(
  items: readonly unknown[],
  schema: z.ZodType<T>,
  key: string,
  what: string,
): PageItem<T>[] {
  return items.map((item) => {
    const parsed = schema.safeParse(item);
    if (parsed.success) return { ok: true, value: parsed.data };
    return {
      ok: false,
      id: fieldText(item, key) ?? fieldText(item, 'id') ?? '?',
      error: unreadable(what, parsed.error),
    };
  });
}

/** Parses a single object, or throws `permanent`. */
export function parseOne<T>(body: unknown, schema: z.ZodType<T>, what: string): T {
  const parsed = schema.safeParse(body);
  if (parsed.success) return parsed.data;
  throw unreadable(what, parsed.error);
}

function unreadable(what: string, cause: z.ZodError): ConnectorError {
  const [issue] = cause.issues;
  const where = issue === undefined ? '' : `: ${issue.path.join('.') || 'the whole'} ${issue.message}`;
  return new ConnectorError('permanent', `GitLab's answer for ${what} cannot be read${where}.`, { cause });
}

function fieldText(item: unknown, key: string): string | undefined {
  const value = fieldOf(item, key);
  return typeof value === 'string' || typeof value === 'number' ? String(value) : undefined;
}
