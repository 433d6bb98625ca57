import { isJsonObject, type JsonObject, type JsonValue } from '../../api/json.js';

/**
 * Puts local references (`#/$defs/...`) in place, so that hints inside definitions are seen. A definition that contains
 * itself keeps its reference there. Other references are left alone: a connector's schema is one document.
 */
export function resolveRefs(root: JsonObject): JsonObject {
  const resolve = (value: JsonValue | undefined, open: readonly string[]): JsonValue | undefined => {
    if (Array.isArray(value)) return value.map((item) => resolve(item, open) ?? null);
    if (!isJsonObject(value)) return value;
    const ref = value['$ref'];
    if (typeof ref === 'string' && ref.startsWith('#/') && !open.includes(ref)) {
      const target = lookUp(root, ref);
      if (isJsonObject(target)) {
        const { $ref: _ref, ...siblings } = value;
        return resolve({ ...target, ...siblings }, [...open, ref]);
      }
    }
    return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, resolve(inner, open)]));
  };
  const resolved = resolve(root, []);
  return isJsonObject(resolved) ? resolved : root;
}

function lookUp(root: JsonObject, ref: string): JsonValue | undefined {
  let node: JsonValue | undefined = root;
  for (const part of ref.slice(2).split('/')) {
    if (!isJsonObject(node)) return undefined;
    node = node[decodeURIComponent(part).replaceAll('~1', '/').replaceAll('~0', '~')];
  }
  return node;
}
