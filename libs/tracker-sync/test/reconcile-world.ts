import type { LinkSide } from '@syncline/connector-sdk';
import type { IssueBaseline } from '../src/baseline.js';
import type { SyncPolicy } from '../src/policy.js';
import type { Reconciled, Rules, Translation } from '../src/reconcile/index.js';
import type { IssueValues } from '../src/values.js';
import { back, there } from './text-maps.js';

export const everything: SyncPolicy['fields'] = {
  title: 'both',
  description: 'both',
  state: 'both',
  labels: 'both',
  assignees: 'both',
  milestone: 'both',
  dueDate: 'both',
  confidential: 'both',
  weight: 'both',
};

export const policy = (changes: Partial<SyncPolicy> = {}): SyncPolicy => ({
  fields: everything,
  creates: 'both',
  comments: 'both',
  attachments: true,
  confidential: 'preserve',
  conflicts: 'ask',
  granularity: 'field',
  match: 'marker',
  onDelete: 'sever',
  onMove: 'follow',
  onCommentDelete: 'keep',
  unmappedUsers: 'unassigned',
  ...changes,
});

/** nora is norah on the right, sam is sammy; ghost has nobody. Milestone n is n + 100. */
const people: Record<string, string> = { nora: 'norah', sam: 'sammy' };
export const translation: Translation = {
  user: (from, name) =>
    from === 'left' ? people[name] : Object.entries(people).find(([, there_]) => there_ === name)?.[0],
  milestone: (from, { key, title }) => ({ key: String(Number(key) + (from === 'left' ? 100 : -100)), title }),
  text: (from) => (from === 'left' ? there : back),
};

export const rules = (changes: Partial<Rules> = {}, policyChanges: Partial<SyncPolicy> = {}): Rules => ({
  policy: policy(policyChanges),
  translation,
  originSide: 'left',
  revision: 'r1',
  ...changes,
});

export const issue = (changes: Partial<IssueValues> = {}): IssueValues => ({
  title: 'Title',
  description: 'One\n\nTwo\n\nThree',
  state: 'opened',
  labels: [],
  assignees: [],
  milestone: null,
  dueDate: null,
  confidential: false,
  weight: null,
  ...changes,
});

export const agreed = (left: IssueValues, right: IssueValues = left): IssueBaseline => ({
  revision: 'r1',
  left: { values: left, version: '1' },
  right: { values: right, version: '1' },
});

/** Writes as a remote does that keeps everything, unless told otherwise. */
export const write = (
  values: IssueValues,
  { write: wanted }: Reconciled,
  side: LinkSide,
  keep?: (values: IssueValues) => IssueValues,
): IssueValues => {
  const written = { ...values, ...wanted[side] };
  return keep?.(written) ?? written;
};

export const base = issue();
export const nothing = { left: {}, right: {} };
