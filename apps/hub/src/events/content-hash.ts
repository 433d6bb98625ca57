import { hash } from 'node:crypto';
import type { JsonValue } from '@syncline/connector-sdk';

/** What of an event is content: everything mapped but the version. */
export interface EventContent {
  readonly eventType: string;
  readonly title: string;
  readonly description: string | null;
  readonly status: string;
  readonly author: string | null;
  readonly projectId: string;
  readonly projectPath: string;
  readonly url: string | null;
  /** Null where the source only knows a bound: that bound is not content. */
  readonly occurredAt: string | null;
  /** Already canonical. */
  readonly metadata: JsonValue;
}

/** SHA-256 in hexadecimal; equal for two readings of one state. */
export function contentHash(content: EventContent): string {
  const parts = [
    content.eventType,
    content.title,
    content.description,
    content.status,
    content.author,
    content.projectId,
    content.projectPath,
    content.url,
    content.occurredAt,
    content.metadata,
  ];
  return hash('sha256', JSON.stringify(parts));
}
