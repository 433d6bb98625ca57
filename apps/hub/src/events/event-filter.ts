import { Problem } from '../http/problem.js';
import { idsOf, listOf, type Query, textOf, timeOf } from '../http/query.js';
import { searchQuery } from './search-words.js';

/** Which events: all that are given must hold, and of several values of one any. Empty lists ask for nothing. */
export interface EventFilter {
  readonly connectionIds: readonly string[];
  readonly eventTypes: readonly string[];
  readonly statuses: readonly string[];
  readonly authors: readonly string[];
  /** Ids at the source, or full paths, former ones too. */
  readonly projects: readonly string[];
  /** Tags of the connections. */
  readonly tags: readonly string[];
  /** A `tsquery`: all words, as prefixes. */
  readonly search: string | undefined;
  /** Inclusive. */
  readonly from: Date | undefined;
  /** Exclusive. */
  readonly to: Date | undefined;
}

const MOST_VALUES = 100;
const LONGEST_Q = 500;

/** Reads the filter from a query string; what cannot be meant is 400 and names the parameter. */
export function parseEventFilter(query: Query): EventFilter {
  const texts = (key: string) => checked(key, listOf(query, key));
  const from = timeOf(query, 'from');
  const to = timeOf(query, 'to');
  if (from && to && from >= to) throw refused('to', 'must be later than from');
  const q = textOf(query, 'q') ?? '';
  if (q.length > LONGEST_Q) throw refused('q', `may have ${LONGEST_Q} characters at most`);
  const search = searchQuery(q);
  // Without a word there is nothing to look for, and everything is no answer to "!!!".
  if (q.trim() !== '' && search === undefined) throw refused('q', 'must hold a letter or a digit');
  return {
    connectionIds: checked('connectionId', idsOf(query, 'connectionId')),
    eventTypes: texts('eventType'),
    statuses: texts('status'),
    authors: texts('author'),
    projects: texts('project'),
    tags: texts('tag'),
    search,
    from,
    to,
  };
}

function checked(key: string, values: readonly string[]): readonly string[] {
  if (values.length > MOST_VALUES) throw refused(key, `may be given ${MOST_VALUES} times at most`);
  return values;
}

export function refused(key: string, message: string): Problem {
  return Problem.badRequest(`${key} ${message}.`, [{ path: `?${key}`, message }]);
}
