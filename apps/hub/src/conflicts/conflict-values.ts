import type { JsonValue } from '@syncline/connector-sdk';

/** A value that a field can have, in its one form; or what is wrong with it. */
export type CheckedValue = { readonly value: JsonValue } | { readonly fault: string };

type Check = (value: unknown) => CheckedValue;

/** Trackers keep no more of a title or a name: what is longer would be cut when it is written, after it was decided. */
const MOST_TITLE = 255;
const MOST_TEXT = 1_048_576;
const MOST_NAMES = 500;

/** Checks what somebody gave for a field of an issue; a field of another kind may have any plain value. */
export function checkFieldValue(field: string, value: unknown): CheckedValue {
  return (checks[field] ?? anyValue)(value);
}

const title: Check = (value) => {
  if (typeof value !== 'string' || value.trim() === '') return { fault: 'must be a text that is not empty' };
  if (/[\r\n]/.test(value)) return { fault: 'must be one line' };
  const kept = value.trim();
  return kept.length > MOST_TITLE ? { fault: `must have ${MOST_TITLE} characters at most` } : { value: kept };
};

const text: Check = (value) => {
  if (value === null) return { value: '' };
  if (typeof value !== 'string') return { fault: 'must be a text' };
  return value.length > MOST_TEXT ? { fault: `must have ${MOST_TEXT} characters at most` } : { value };
};

/** Sorted, each once; cleared is the empty set. */
const names: Check = (value) => {
  if (value === null) return { value: [] };
  const fault = 'must be a list of names';
  if (!Array.isArray(value) || value.length > MOST_NAMES) return { fault };
  const given: unknown[] = value;
  if (!given.every((name): name is string => typeof name === 'string' && name.trim() !== '')) return { fault };
  const kept = [...new Set(given.map((name) => name.trim()))].sort();
  const isLong = kept.some((name) => name.length > MOST_TITLE);
  return isLong ? { fault: `must have names of ${MOST_TITLE} characters at most` } : { value: kept };
};

const name: Check = (value) => {
  if (value === null) return { value };
  return value === '' ? { fault: 'must be a title, or null to clear it' } : title(value);
};

const day: Check = (value) => {
  if (value === null) return { value };
  const fault = 'must be a day as YYYY-MM-DD, or null to clear it';
  if (typeof value !== 'string' || !/^\d{4}-\d{2}-\d{2}$/.test(value)) return { fault };
  const time = new Date(`${value}T00:00:00Z`);
  return !Number.isNaN(time.getTime()) && time.toISOString().startsWith(value) ? { value } : { fault };
};

const weight: Check = (value) =>
  value === null || (typeof value === 'number' && Number.isSafeInteger(value) && value >= 0)
    ? { value }
    : { fault: 'must be a whole number from 0, or null to clear it' };

const state: Check = (value) =>
  value === 'opened' || value === 'closed' ? { value } : { fault: 'must be opened or closed' };

const flag: Check = (value) => (typeof value === 'boolean' ? { value } : { fault: 'must be true or false' });

const anyValue: Check = (value) => {
  if (value === null || typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') {
    return { value };
  }
  const listed = names(value);
  return 'value' in listed ? listed : { fault: 'must be a text, a number, true, false, null or a list of names' };
};

const checks: Readonly<Record<string, Check | undefined>> = Object.assign(Object.create(null) as object, {
  title,
  description: text,
  state,
  labels: names,
  assignees: names,
  milestone: name,
  dueDate: day,
  confidential: flag,
  weight,
});
