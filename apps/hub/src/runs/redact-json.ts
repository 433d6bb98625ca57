import type { JsonObject, JsonValue } from '@syncline/connector-sdk';

const SECRET_KEY = /token|secret|password|authorization|api[-_]?key|cookie/i;

/** Removes secrets from data: every text, and whatever stands under a key that names a secret. */
export function redactJson(value: JsonObject, redact: (text: string) => string): JsonObject {
  return walk(value, redact) as JsonObject;
}

function walk(value: JsonValue, redact: (text: string) => string): JsonValue {
  if (typeof value === 'string') return redact(value);
  if (value === null || typeof value !== 'object') return value;
  if (Array.isArray(value)) return value.map((entry: JsonValue) => walk(entry, redact));
  return Object.fromEntries(
    Object.entries(value).flatMap(([key, entry]: [string, JsonValue | undefined]) => {
      if (entry === undefined) return [];
      return [[key, SECRET_KEY.test(key) && typeof entry === 'string' ? '[redacted]' : walk(entry, redact)]];
    }),
  );
}
