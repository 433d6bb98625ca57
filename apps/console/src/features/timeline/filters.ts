/** What the timeline shows; the address of the page says the same, so that a view can be sent to somebody. */
export interface TimelineFilters {
  q: string;
  eventType: string[];
  status: string[];
  project: string[];
  author: string[];
  connection: string[];
  tag: string[];
  /** A span that ends now, one of `ranges`; empty: from `from` to `to`. */
  range: string;
  /** ISO 8601 UTC or empty. */
  from: string;
  to: string;
}

export const listFilters = ['eventType', 'status', 'project', 'author', 'connection', 'tag'] as const;
export type ListFilter = (typeof listFilters)[number];

const hour = 3_600_000;
export const ranges: readonly { value: string; label: string; ms: number }[] = [
  { value: '1h', label: 'Last hour', ms: hour },
  { value: '6h', label: 'Last 6 hours', ms: 6 * hour },
  { value: '24h', label: 'Last 24 hours', ms: 24 * hour },
  { value: '7d', label: 'Last 7 days', ms: 168 * hour },
  { value: '30d', label: 'Last 30 days', ms: 720 * hour },
];

export function parseFilters(params: URLSearchParams): TimelineFilters {
  const list = (name: ListFilter) => [...new Set(params.getAll(name).filter((value) => value !== ''))];
  const range = params.get('range') ?? '';
  return {
    q: params.get('q') ?? '',
    eventType: list('eventType'),
    status: list('status'),
    project: list('project'),
    author: list('author'),
    connection: list('connection'),
    tag: list('tag'),
    range: ranges.some((known) => known.value === range) ? range : '',
    from: parseTime(params.get('from')),
    to: parseTime(params.get('to')),
  };
}

/** The address of these filters; empty ones are left out. */
export function toSearch(filters: TimelineFilters): URLSearchParams {
  const params = new URLSearchParams();
  if (filters.q !== '') params.set('q', filters.q);
  for (const name of listFilters) for (const value of filters[name]) params.append(name, value);
  if (filters.range !== '') params.set('range', filters.range);
  else {
    if (filters.from !== '') params.set('from', filters.from);
    if (filters.to !== '') params.set('to', filters.to);
  }
  return params;
}

/** The filters as the API takes them. A range is counted from the full minute, so that the answer can be cached. */
export function toApi(filters: TimelineFilters, now: number): URLSearchParams {
  const params = new URLSearchParams();
  if (filters.q.trim() !== '') params.set('q', filters.q.trim());
  for (const name of listFilters) {
    for (const value of filters[name]) params.append(name === 'connection' ? 'connectionId' : name, value);
  }
  const range = ranges.find((known) => known.value === filters.range);
  if (range !== undefined) {
    params.set('from', new Date(Math.floor(now / 60_000) * 60_000 - range.ms).toISOString());
  } else {
    if (filters.from !== '') params.set('from', filters.from);
    if (filters.to !== '') params.set('to', filters.to);
  }
  return params;
}

export function isFiltered(filters: TimelineFilters): boolean {
  return toSearch(filters).size > 0;
}

function parseTime(text: string | null): string {
  const time = text === null ? Number.NaN : new Date(text).getTime();
  return Number.isNaN(time) ? '' : new Date(time).toISOString();
}
