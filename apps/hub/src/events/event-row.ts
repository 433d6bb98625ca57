import { ConnectorError, type ChangeEvent, type JsonValue, type Transition } from '@syncline/connector-sdk';
import { canonicalJson } from './canonical-json.js';
import { contentHash } from './content-hash.js';
import { searchWords } from './search-words.js';
import { storableText } from './storable-text.js';

/** A change event as the storing statement reads it: names are column names, times ISO 8601. */
export interface EventRow {
  readonly event_id: string;
  readonly event_type: string;
  readonly title: string;
  readonly description: string | null;
  readonly status: string;
  readonly author: string | null;
  readonly project_id: string;
  readonly project_path: string;
  readonly url: string | null;
  readonly occurred_at: string;
  /** The source says when the status began, not only that it was not earlier. */
  readonly exact: boolean;
  readonly version_at: string | null;
  /** Hexadecimal. */
  readonly hash: string;
  readonly metadata: JsonValue;
  readonly words: readonly string[];
  readonly transitions: readonly TransitionRow[];
}

export interface TransitionRow {
  readonly status: string;
  readonly at: string;
}

/** Throws `permanent` for a time that is none, naming the event: the database's own message would not. */
export function mapEventRow(event: ChangeEvent): EventRow {
  const text = (value: string | undefined) => (value === undefined ? null : storableText(value));
  const content = {
    eventType: storableText(event.eventType),
    title: storableText(event.title),
    description: text(event.description),
    status: storableText(event.status),
    author: text(event.author),
    projectId: storableText(event.project.id),
    projectPath: storableText(event.project.path),
    url: text(event.url),
    metadata: canonicalJson(event.metadata),
  };
  const exact = event.occurredAtPrecision !== 'at_least';
  const occurredAt = isoTime(event.occurredAt, event.eventId);
  const { sha } = event.metadata;
  return {
    event_id: storableText(event.eventId),
    event_type: content.eventType,
    title: content.title,
    description: content.description,
    status: content.status,
    author: content.author,
    project_id: content.projectId,
    project_path: content.projectPath,
    url: content.url,
    occurred_at: occurredAt,
    exact,
    version_at: event.version.updatedAt === null ? null : isoTime(event.version.updatedAt, event.eventId),
    hash: contentHash({ ...content, occurredAt: exact ? occurredAt : null }),
    metadata: content.metadata,
    words: searchWords([
      content.title,
      event.author,
      typeof sha === 'string' ? sha : undefined,
      content.description ?? undefined,
    ]),
    transitions: (event.transitions ?? []).map((transition) => mapTransitionRow(transition, event.eventId)),
  };
}

export function mapTransitionRow({ status, at }: Transition, eventId: string): TransitionRow {
  return { status: storableText(status), at: isoTime(at, eventId) };
}

/** The years a remote can mean; JavaScript writes others in a form that PostgreSQL does not read. */
function isoTime(time: Date, eventId: string): string {
  const year = time.getUTCFullYear();
  if (!(year >= 1 && year <= 9999)) {
    throw new ConnectorError('permanent', `The event ${eventId} carries a time that is not a date.`);
  }
  return time.toISOString();
}
