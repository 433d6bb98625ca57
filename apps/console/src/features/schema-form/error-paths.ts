import type { ErrorSchema } from '@rjsf/utils';
import { ErrorSchemaBuilder } from '@rjsf/utils';
import { isJsonObject, type JsonObject } from '../../api/json.js';
import type { FieldError } from '../../api/problem.js';
import { isSimpleList, propertiesOf } from './schema-types.js';

/** `/source/project` as `['source', 'project']`. */
export function parsePointer(pointer: string): string[] {
  return pointer
    .split('/')
    .slice(1)
    .map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'));
}

/**
 * The path of the field that shows an error: an item of a list that one field edits is shown at the list.
 * undefined: the form has no such field.
 */
export function fieldPath(schema: JsonObject, path: readonly string[]): string[] | undefined {
  let node = schema;
  const found: string[] = [];
  for (const part of path) {
    if (isSimpleList(node)) return found;
    const property = propertiesOf(node)[part];
    const next = property ?? (/^\d+$/.test(part) && isJsonObject(node['items']) ? node['items'] : undefined);
    if (next === undefined) return undefined;
    found.push(part);
    node = next;
  }
  return found;
}

/** Splits errors (pointers within the configuration) into those that a field shows and the rest. */
export function placeErrors(
  schema: JsonObject,
  errors: readonly FieldError[],
): { placed: ErrorSchema; others: readonly FieldError[] } {
  const builder = new ErrorSchemaBuilder();
  const others: FieldError[] = [];
  for (const error of errors) {
    const path = fieldPath(schema, parsePointer(error.path));
    if (path === undefined || path.length === 0) others.push(error);
    else builder.addErrors(error.message, path);
  }
  return { placed: builder.ErrorSchema, others };
}
