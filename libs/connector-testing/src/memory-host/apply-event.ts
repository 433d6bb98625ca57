import { createHash } from 'node:crypto';
import type { ChangeEvent, JsonValue } from '@syncline/connector-sdk';

/** A change event as a host keeps it. Times are ISO strings, so that two stores can be compared as text. */
export interface EventRow {
  readonly eventId: string;
  readonly eventType: string;
  readonly title: string;
  readonly description: string | null;
  readonly status: string;
  readonly author: string | null;
  readonly project: { readonly id: string; readonly path: string };
  readonly url: string | null;
  readonly occurredAt: string;
  readonly updatedAt: string | null;
  readonly metadata: JsonValue;
  /** `<status>@<time>`, oldest first; unique. */
  readonly transitions: readonly string[];
  /** Counts how often content was applied. */
  readonly revision: number;
  readonly hash: string;
}

export type Outcome = 'created' | 'updated' | 'unchanged';

/**
 * The version rule of the contract: a newer version is applied, an equal or unknown one only if its content differs,
 * an older one never. What an older version proves about past statuses is kept nevertheless.
 */
export function applyEvent(
  row: EventRow | undefined,
  event: ChangeEvent,
): { readonly row: EventRow; readonly outcome: Outcome } {
  const updatedAt = event.version.updatedAt?.toISOString() ?? null;
  const hash = contentHash(event);
  if (row === undefined) return { row: rowOf(event, undefined, updatedAt, hash), outcome: 'created' };
  const comparable = updatedAt !== null && row.updatedAt !== null;
  const older = comparable && updatedAt < row.updatedAt;
  const newer = comparable && updatedAt > row.updatedAt;
  if (older || (!newer && hash === row.hash)) {
    const transitions = merge(row.transitions, provenTransitions(event));
    return { row: { ...row, transitions }, outcome: 'unchanged' };
  }
  return { row: rowOf(event, row, updatedAt ?? row.updatedAt, hash), outcome: 'updated' };
}

function rowOf(event: ChangeEvent, before: EventRow | undefined, updatedAt: string | null, hash: string): EventRow {
  const occurredAt = occurredAtOf(event, before);
  const known = before?.status === event.status && event.occurredAtPrecision === 'at_least';
  return {
    eventId: event.eventId,
    eventType: event.eventType,
    title: event.title,
    description: event.description ?? null,
    status: event.status,
    author: event.author ?? null,
    project: { id: event.project.id, path: event.project.path },
    url: event.url ?? null,
    occurredAt,
    updatedAt,
    metadata: plain(event.metadata),
    transitions: merge(before?.transitions ?? [], [
      ...provenTransitions(event),
      ...(known ? [] : [`${event.status}@${occurredAt}`]),
    ]),
    revision: (before?.revision ?? 0) + 1,
    hash,
  };
}

/** An unchanged status keeps its time and a changed one is dated by the version, where the source only has a bound. */
function occurredAtOf(event: ChangeEvent, before: EventRow | undefined): string {
  if (event.occurredAtPrecision !== 'at_least' || before === undefined) return event.occurredAt.toISOString();
  if (before.status === event.status) return before.occurredAt;
  return (event.version.updatedAt ?? event.occurredAt).toISOString();
}

function provenTransitions(event: ChangeEvent): string[] {
  return (event.transitions ?? []).map(({ status, at }) => `${status}@${at.toISOString()}`);
}

function merge(known: readonly string[], added: readonly string[]): string[] {
  return [...new Set([...known, ...added])].sort((a, b) => timeOf(a).localeCompare(timeOf(b)) || a.localeCompare(b));
}

function timeOf(transition: string): string {
  return transition.slice(transition.lastIndexOf('@') + 1);
}

function contentHash(event: ChangeEvent): string {
  const content = [
    event.eventType,
    event.title,
    event.description ?? null,
    event.status,
    event.author ?? null,
    event.project.id,
    event.project.path,
    event.url ?? null,
    event.occurredAtPrecision === 'at_least' ? null : event.occurredAt.toISOString(),
    canonical(plain(event.metadata)),
  ];
  return createHash('sha256').update(JSON.stringify(content)).digest('hex');
}

/** What JSON keeps of a value: what a real host would store. */
export function plain(value: unknown): JsonValue {
  return JSON.parse(JSON.stringify(value)) as JsonValue;
}

/** The same value with sorted keys, so that equal content has equal text. */
export function canonical(value: JsonValue): JsonValue {
  if (Array.isArray(value)) return value.map((item: JsonValue) => canonical(item));
  if (value === null || typeof value !== 'object') return value;
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(entries.map(([key, item]) => [key, canonical(item ?? null)]));
}
