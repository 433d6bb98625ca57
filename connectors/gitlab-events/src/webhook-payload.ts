import type { JsonObject, JsonValue } from '@syncline/connector-sdk';

/** Parts of payloads that may hold secrets or personal data, and that nothing here reads. */
const dropped = /variables|token|secret|password|credential|authorization|e?mail|runner|push_options/i;
const deepest = 8;
const longestText = 2_000;

/** The payload as it may be kept: without variables, tokens, addresses of people, and values of our own secrets. */
export function keptPayload(body: JsonObject, secrets: readonly (string | undefined)[]): JsonObject {
  const hidden = secrets.filter((secret) => secret !== undefined && secret.length >= 4);
  const keep = (value: JsonValue | undefined, depth: number): JsonValue | undefined => {
    if (typeof value === 'string') {
      const text = hidden.reduce((rest: string, secret) => rest.replaceAll(secret ?? '', '[redacted]'), value);
      const open = text.replace(/(:\/\/)[^\s/@]+@/g, '$1');
      return open.length > longestText ? `${open.slice(0, longestText)}…` : open;
    }
    if (value === null || typeof value !== 'object') return value;
    if (depth > deepest) return null;
    if (Array.isArray(value)) return value.map((item: JsonValue) => keep(item, depth + 1) ?? null);
    return keepObject(value as JsonObject, depth);
  };
  const keepObject = (object: JsonObject, depth: number): JsonObject => {
    const entries = Object.entries(object).filter(([key]) => !dropped.test(key));
    return Object.fromEntries(entries.map(([key, value]) => [key, keep(value, depth + 1)]));
  };
  return keepObject(body, 0);
}
