import type { Call } from '../../http/call.js';
import type { Parameters } from '../../http/parameters.js';
import { badParameter } from '../../http/reply.js';
import type { Issue } from '../model/issue.js';

type Filter = (row: Issue) => boolean;

/** The filters of a list, but those by time and iid. */
export function issueFilters(call: Call): Filter[] {
  const { parameters } = call;
  const filters: Filter[] = [];
  const state = parameters.choice('state', ['opened', 'closed', 'all']) ?? 'all';
  if (state !== 'all') filters.push((row) => row.state === state);
  const confidential = parameters.boolean('confidential');
  if (confidential !== undefined) filters.push((row) => row.confidential === confidential);
  const type = parameters.choice('issue_type', ['issue', 'incident', 'test_case', 'task']);
  if (type !== undefined) filters.push((row) => row.issueType === type);
  const weight = call.site.edition === 'ee' ? parameters.integer('weight') : undefined;
  if (weight !== undefined) filters.push((row) => row.weight === weight);
  return [
    ...filters,
    ...personFilters(call),
    ...labelFilters(parameters),
    ...milestoneFilters(parameters, call.world.core.clock.read()),
    ...dueFilters(parameters, call.world.core.clock.read()),
    ...searchFilters(parameters),
  ];
}

function personFilters(call: Call): Filter[] {
  const { parameters, user } = call;
  const filters: Filter[] = [];
  const scope = parameters.choice('scope', [
    'created_by_me',
    'created-by-me',
    'assigned_to_me',
    'assigned-to-me',
    'all',
  ]);
  if (scope?.startsWith('created') === true) filters.push((row) => row.author === user);
  if (scope?.startsWith('assigned') === true) filters.push((row) => row.assignees.includes(user));
  const authorId = parameters.integer('author_id');
  if (authorId !== undefined) filters.push((row) => row.author.id === authorId);
  const author = parameters.string('author_username')?.toLowerCase();
  if (author !== undefined) filters.push((row) => row.author.username.toLowerCase() === author);
  const assignee = parameters.string('assignee_id')?.toLowerCase();
  if (assignee === 'none') filters.push((row) => row.assignees.length === 0);
  else if (assignee === 'any') filters.push((row) => row.assignees.length > 0);
  else if (assignee !== undefined) {
    const id = parameters.integer('assignee_id');
    filters.push((row) => row.assignees.some((each) => each.id === id));
  }
  const names = (parameters.list('assignee_username') ?? []).map((name) => name.toLowerCase());
  if (names.length > 1 && call.site.edition === 'free')
    throw badParameter('allows one value, but found 2: assignee_username');
  for (const name of names) filters.push((row) => row.assignees.some((each) => each.username.toLowerCase() === name));
  return filters;
}

function labelFilters(parameters: Parameters): Filter[] {
  const names = (name: string): string[] | undefined =>
    (parameters.list(name) ?? parameters.commaList(name))
      ?.flatMap((text) => text.split(','))
      .map((text) => text.trim());
  const filters: Filter[] = [];
  const wanted = names('labels');
  const word = wanted?.length === 1 ? wanted[0]?.toLowerCase() : undefined;
  if (word === 'none') filters.push((row) => row.labels.length === 0);
  else if (word === 'any') filters.push((row) => row.labels.length > 0);
  else if (wanted !== undefined)
    filters.push((row) => wanted.every((name) => row.labels.some((label) => label.name === name)));
  const unwanted = names('not[labels]');
  if (unwanted !== undefined)
    filters.push((row) => unwanted.every((name) => row.labels.every((label) => label.name !== name)));
  return filters;
}

/** `milestone` is a title; `milestone_id` is no number but one of four words. */
function milestoneFilters(parameters: Parameters, now: number): Filter[] {
  const filters: Filter[] = [];
  const title = parameters.string('milestone');
  const word = parameters.choice('milestone_id', ['None', 'Any', 'Upcoming', 'Started']) ?? title;
  const today = new Date(now).toISOString().slice(0, 10);
  if (word === 'None') filters.push((row) => row.milestone === null);
  else if (word === 'Any') filters.push((row) => row.milestone !== null);
  else if (word === 'Upcoming') filters.push((row) => (row.milestone?.startDate ?? '') > today);
  else if (word === 'Started') filters.push((row) => (row.milestone?.startDate ?? '9') <= today);
  else if (title !== undefined) filters.push((row) => row.milestone?.title === title);
  const unwanted = parameters.string('not[milestone]');
  if (unwanted !== undefined) filters.push((row) => row.milestone?.title !== unwanted);
  return filters;
}

function dueFilters(parameters: Parameters, now: number): Filter[] {
  const words = [
    '0',
    'any',
    'today',
    'tomorrow',
    'overdue',
    'week',
    'month',
    'next_month_and_previous_two_weeks',
  ] as const;
  const due = parameters.choice('due_date', words);
  const date = (days: number): string => new Date(now + days * 86_400_000).toISOString().slice(0, 10);
  if (due === undefined) return [];
  if (due === '0') return [(row) => row.dueDate === null];
  const within =
    (from: string, to: string): Filter =>
    (row) =>
      row.dueDate !== null && row.dueDate >= from && row.dueDate <= to;
  switch (due) {
    case 'any':
      return [(row) => row.dueDate !== null];
    case 'today':
      return [within(date(0), date(0))];
    case 'tomorrow':
      return [within(date(1), date(1))];
    case 'overdue':
      return [within('', date(-1))];
    case 'week':
      return [within(date(0), date(7))];
    case 'month':
      return [within(date(0), date(31))];
    case 'next_month_and_previous_two_weeks':
      return [within(date(-14), date(31))];
  }
}

function searchFilters(parameters: Parameters): Filter[] {
  const words = parameters.string('search')?.toLowerCase().split(/\s+/);
  if (words === undefined) return [];
  const places = parameters.commaList('in') ?? ['title', 'description'];
  const text = (row: Issue): string =>
    [places.includes('title') ? row.title : '', places.includes('description') ? (row.description ?? '') : '']
      .join('\n')
      .toLowerCase();
  return [(row) => words.every((word) => text(row).includes(word))];
}
