import type { GraphQlSettings } from './settings.js';

/**
 * Reads a change of the settings from JSON.
 * @throws {Error} with a sentence where it holds something that no setting takes.
 */
export function parseGraphQlSettings(text: string): Partial<GraphQlSettings> {
  const value: unknown = JSON.parse(text);
  if (!isRecord(value)) throw new Error('an object is needed');
  return Object.assign({}, ...Object.entries(value).map(([name, given]) => parseSetting(name, given)));
}

function parseSetting(name: string, value: unknown): Partial<GraphQlSettings> {
  const wrong = (needed: string): Error => new Error(`${name} must be ${needed}`);
  switch (name) {
    case 'mode':
      if (value === 'on' || value === 'absent' || value === 'html') return { mode: value };
      throw wrong('on, absent or html');
    case 'registry':
      if (value === 'database' || value === 'plain' || value === 'refusing') return { registry: value };
      throw wrong('database, plain or refusing');
    case 'complexityLimit':
      if (value === null || isWhole(value)) return { complexityLimit: value };
      throw wrong('a whole number or null');
    case 'lacking':
      if (Array.isArray(value) && value.every(isText)) return { lacking: value };
      throw wrong('a list of names');
    case 'failing':
      if (isRecord(value) && recordOf(value, isText)) return { failing: value };
      throw wrong('messages by field');
    case 'timeouts':
    case 'statementTimeouts':
      if (isRecord(value) && recordOf(value, isWhole)) return { [name]: value };
      throw wrong('whole numbers by field');
    default:
      throw new Error(`there is no setting ${name}`);
  }
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function recordOf<T>(
  value: Readonly<Record<string, unknown>>,
  is: (item: unknown) => item is T,
): value is Readonly<Record<string, T>> {
  return Object.values(value).every((item) => is(item));
}

function isText(value: unknown): value is string {
  return typeof value === 'string';
}

function isWhole(value: unknown): value is number {
  return typeof value === 'number' && Number.isInteger(value) && value >= 0;
}
