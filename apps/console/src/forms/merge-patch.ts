import { isJsonObject, type JsonObject, type JsonValue } from '../api/json.js';

/**
 * The JSON merge patch (RFC 7396) that turns `before` into `after`: changed keys, null for removed ones, arrays whole.
 * An empty object says that nothing changed.
 */
export function mergePatch(before: JsonObject, after: JsonObject): JsonObject {
  const patch: JsonObject = {};
  for (const key of new Set([...Object.keys(before), ...Object.keys(after)])) {
    const old = before[key];
    const now = after[key];
    if (now === undefined) {
      if (old !== undefined && old !== null) patch[key] = null;
    } else if (isJsonObject(old) && isJsonObject(now)) {
      const inner = mergePatch(old, now);
      if (Object.keys(inner).length > 0) patch[key] = inner;
    } else if (!sameJson(old, now)) {
      patch[key] = now;
    }
  }
  return patch;
}

/** Equal as JSON values: key order does not count, list order does. */
export function sameJson(a: JsonValue | undefined, b: JsonValue | undefined): boolean {
  if (a === b) return true;
  if (Array.isArray(a) && Array.isArray(b)) {
    return a.length === b.length && a.every((item, index) => sameJson(item, b[index]));
  }
  if (isJsonObject(a) && isJsonObject(b)) {
    const keys = new Set([...Object.keys(a), ...Object.keys(b)]);
    return [...keys].every((key) => sameJson(a[key], b[key]));
  }
  return false;
}
