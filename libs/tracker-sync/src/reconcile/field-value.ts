import type { IssueFieldName } from '@syncline/connector-sdk';
import type { ShownValue } from '../links.js';
import { canonicalText, canonicalTitle, type FieldValue } from '../values.js';

const isNames = (value: ShownValue): value is readonly string[] => Array.isArray(value);

/**
 * A value somebody typed, as the field holds it; undefined where the field cannot hold it. A milestone is named by its
 * title. Useful to check a decision before it is stored.
 */
export function fieldValue(field: IssueFieldName, value: ShownValue | undefined): FieldValue | undefined {
  if (value === undefined) return undefined;
  switch (field) {
    case 'title':
      return typeof value === 'string' && value.trim() !== '' ? canonicalTitle(value) : undefined;
    case 'description':
      return value === null ? '' : typeof value === 'string' ? canonicalText(value) : undefined;
    case 'state':
      return value === 'opened' || value === 'closed' ? value : undefined;
    case 'labels':
    case 'assignees':
      return value === null ? [] : isNames(value) ? [...new Set(value)].sort() : undefined;
    case 'milestone':
      if (value === null) return null;
      return typeof value === 'string' && value !== '' ? { key: '', title: value } : undefined;
    case 'dueDate':
      if (value === null) return null;
      return typeof value === 'string' && isDay(value) ? value : undefined;
    case 'confidential':
      return typeof value === 'boolean' ? value : undefined;
    case 'weight':
      if (value === null) return null;
      return typeof value === 'number' && Number.isInteger(value) && value >= 0 ? value : undefined;
  }
}

function isDay(text: string): boolean {
  const time = Date.parse(`${text}T00:00:00Z`);
  return /^\d{4}-\d{2}-\d{2}$/.test(text) && !Number.isNaN(time) && new Date(time).toISOString().startsWith(text);
}
