import type { OutputUnit } from '@cfworker/json-schema';
import { isJsonObject, jsonText, type JsonObject, type JsonValue } from '../../api/json.js';
import { parsePointer } from './error-paths.js';

const typeNames: Record<string, string> = {
  string: 'a text',
  integer: 'a whole number',
  number: 'a number',
  boolean: 'yes or no',
  array: 'a list',
  object: 'a group of fields',
};

const formatNames: Record<string, string> = {
  date: 'a date such as 2025-01-31',
  'date-time': 'a time such as 2025-01-31T14:05:00Z',
  uri: 'an address such as https://example.org',
  email: 'an e-mail address',
};

/** Says in words for the form's user what a schema keyword objects to. */
export function explain(unit: OutputUnit, schema: JsonObject): string {
  const limit = keywordValue(schema, unit.keywordLocation);
  switch (unit.keyword) {
    case 'required':
    case 'dependentRequired':
      return 'Please fill this in.';
    case 'type':
      return `Expected ${[limit]
        .flat()
        .map((type) => typeNames[jsonText(type)] ?? jsonText(type))
        .join(' or ')}.`;
    case 'enum':
      return 'Choose one of the offered values.';
    case 'minLength':
      return limit === 1 ? 'Please fill this in.' : `At least ${jsonText(limit)} characters.`;
    case 'maxLength':
      return `At most ${jsonText(limit)} characters.`;
    case 'minimum':
      return `At least ${jsonText(limit)}.`;
    case 'maximum':
      return `At most ${jsonText(limit)}.`;
    case 'exclusiveMinimum':
      return `More than ${jsonText(limit)}.`;
    case 'exclusiveMaximum':
      return `Less than ${jsonText(limit)}.`;
    case 'minItems':
      return limit === 1 ? 'Add at least one.' : `Add at least ${jsonText(limit)}.`;
    case 'maxItems':
      return `At most ${jsonText(limit)}.`;
    case 'uniqueItems':
      return 'One value is there twice.';
    case 'pattern':
      return `This does not look right: it must match ${jsonText(limit)}`;
    case 'format':
      return `Expected ${formatNames[jsonText(limit)] ?? `the format ${jsonText(limit)}`}.`;
    case 'false':
    case 'additionalProperties':
    case 'unevaluatedProperties':
      return 'The connector does not know this setting.';
    default:
      return unit.error;
  }
}

/** The value of the keyword an error points at, e.g. 10 for `#/properties/limit/maximum`. */
function keywordValue(schema: JsonObject, location: string): JsonValue | undefined {
  let node: JsonValue | undefined = schema;
  for (const part of parsePointer(location.replace(/^#/, ''))) {
    if (Array.isArray(node)) node = node[Number(part)];
    else if (isJsonObject(node)) node = node[part];
    else return undefined;
  }
  return node;
}
