import type { Call } from '../../http/call.js';
import { listArray, listRange, type Listing } from '../../http/listing.js';
import type { Parameters } from '../../http/parameters.js';
import { badParameter } from '../../http/reply.js';
import type { Project } from '../../model/project.js';
import type { Issue } from '../model/issue.js';
import { IssueTable } from '../model/issue-table.js';
import { issueFilters } from './issue-filters.js';

export const issueOrders = [
  'created_at',
  'updated_at',
  'due_date',
  'label_priority',
  'milestone_due',
  'popularity',
  'priority',
  'relative_position',
  'title',
  'weight',
] as const;
type IssueOrder = (typeof issueOrders)[number];

/** The issues of these projects that the user sees and the parameters select, in the order they ask for. */
export function selectedIssues(call: Call, projects: readonly Project[]): Listing<Issue> {
  const { parameters, world, user } = call;
  const orderBy = parameters.choice('order_by', issueOrders) ?? 'created_at';
  const direction = parameters.choice('sort', ['asc', 'desc']) ?? 'desc';
  const readable = projects.filter((project) => world.issueRights.readsIssues(project, user));
  const filters = issueFilters(call);
  if (!readable.every((project) => world.issueRights.readsInternal(project, user)))
    filters.push((row) => world.issueRights.reads(row, user));
  const updated = bounds(parameters, 'updated');
  const created = bounds(parameters, 'created');
  const table = tableOf(readable, namedIids(parameters));
  if (orderBy === 'updated_at') {
    addBounds(filters, created, (row) => row.createdAt);
    return listRange(table.byUpdate.range(...updated), direction, filters);
  }
  addBounds(filters, updated, (row) => row.updatedAt);
  if (orderBy === 'created_at') return listRange(table.byCreation.range(...created), direction, filters);
  addBounds(filters, created, (row) => row.createdAt);
  const rows = [...table.byCreation.range().rows].filter((row) => filters.every((matches) => matches(row)));
  return listArray(ordered(rows, orderBy, direction));
}

type Bounds = readonly [number | undefined, number | undefined];

/** Both inclusive. */
function bounds(parameters: Parameters, name: string): Bounds {
  return [parameters.time(`${name}_after`), parameters.time(`${name}_before`)];
}

function addBounds(
  filters: ((row: Issue) => boolean)[],
  [after, before]: Bounds,
  timeOf: (row: Issue) => number,
): void {
  if (after !== undefined) filters.push((row) => timeOf(row) >= after);
  if (before !== undefined) filters.push((row) => timeOf(row) <= before);
}

function namedIids(parameters: Parameters): number[] | undefined {
  const texts = parameters.list('iids');
  if (texts?.some((text) => !/^\d+$/.test(text)) === true) throw badParameter('iids is invalid');
  return texts?.map(Number);
}

/** One project's own table, or a new one of what was named or of several projects. */
function tableOf(projects: readonly Project[], iids: readonly number[] | undefined): IssueTable {
  const [only] = projects;
  if (only !== undefined && projects.length === 1 && iids === undefined) return only.issues;
  const table = new IssueTable();
  for (const project of projects) {
    const rows =
      iids === undefined
        ? [...project.issues.byIid.values()]
        : [...new Set(iids)].flatMap((iid) => project.issues.byIid.get(iid) ?? []);
    for (const row of rows) table.add(row);
  }
  return table;
}

/** What has no value comes last, whatever the direction. */
function ordered(rows: Issue[], orderBy: IssueOrder, direction: 'asc' | 'desc'): Issue[] {
  const sign = direction === 'asc' ? 1 : -1;
  const key = (row: Issue): string | number | null => {
    if (orderBy === 'title') return row.title.toLowerCase();
    if (orderBy === 'due_date') return row.dueDate;
    if (orderBy === 'milestone_due') return row.milestone?.dueDate ?? null;
    if (orderBy === 'weight') return row.weight;
    return row.id;
  };
  return rows.sort((left, right) => {
    const [a, b] = [key(left), key(right)];
    if (a === b) return right.id - left.id;
    if (a === null || b === null) return a === null ? 1 : -1;
    return a < b ? -sign : sign;
  });
}
