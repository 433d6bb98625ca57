import type { Issue, IssueFieldName, IssueFields, MilestoneRef } from '@syncline/connector-sdk';
import { plainTitle } from './text/title.js';

/**
 * An issue's fields in the one form in which they are compared: texts with the same line ends, sets sorted. They stay in
 * their side's own words; only what is carried over is translated.
 */
export type IssueValues = IssueFields;

/** What a field can hold. */
export type FieldValue = string | boolean | number | null | readonly string[] | MilestoneRef;

const sorted = (names: readonly string[]): string[] => [...new Set(names)].sort();

/** Half a surrogate pair: no character, and refused by databases. */
const halfPairs = /[\uD800-\uDBFF](?![\uDC00-\uDFFF])|(?<![\uD800-\uDBFF])[\uDC00-\uDFFF]/g;

/**
 * The same text for what remotes treat as the same: `\n` ends lines, no byte order mark, no characters a database
 * refuses, no space at the very end (remotes that look for commands trim it).
 */
export function canonicalText(text: string): string {
  return text
    .replace(halfPairs, '\uFFFD')
    .replace(/^\uFEFF+/, '')
    .replaceAll('\0', '')
    .replace(/\r\n?/g, '\n')
    .trimEnd();
}

/** A title in the form in which titles are compared: without what we put into a copy's. */
export function canonicalTitle(title: string): string {
  return plainTitle(canonicalText(title)).trim();
}

/** `body`: the description without what we put around it. */
export function issueValues(issue: Issue, body: string): IssueValues {
  return {
    title: canonicalTitle(issue.title),
    description: canonicalText(body),
    state: issue.state,
    labels: sorted(issue.labels),
    assignees: sorted(issue.assignees),
    milestone: issue.milestone === null ? null : { key: issue.milestone.key, title: issue.milestone.title },
    dueDate: issue.dueDate,
    confidential: issue.confidential,
    weight: issue.weight,
  };
}

function isSet(value: FieldValue): value is readonly string[] {
  return Array.isArray(value);
}

/** Equal as people see it: a milestone is the same after it was renamed. */
export function sameValue(one: FieldValue, other: FieldValue): boolean {
  if (one === other) return true;
  if (one === null || other === null) return false;
  if (isSet(one) && isSet(other)) return one.length === other.length && one.every((name, at) => name === other[at]);
  if (typeof one === 'object' && typeof other === 'object' && 'key' in one && 'key' in other) {
    return one.key === other.key && (one.key !== '' || one.title === other.title);
  }
  return false;
}

/** Nothing there: what another value may take the place of without anything being lost. */
export function isEmpty(value: FieldValue): boolean {
  return value === null || value === '' || value === false || (isSet(value) && value.length === 0);
}

/** As the API shows it: a milestone by its title. */
export function shownValue(value: FieldValue): string | boolean | number | null | readonly string[] {
  return value !== null && typeof value === 'object' && 'title' in value ? value.title : value;
}

/** The two fields that are sets of names. */
export const setFields = ['labels', 'assignees'] as const satisfies readonly IssueFieldName[];
export type SetField = (typeof setFields)[number];
