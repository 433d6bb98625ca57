// How fast the timeline is read: npm run bench:timeline [-- --events 1000000]
// On the server of TEST_DATABASE_URL or DATABASE_URL one million events, on the embedded database 100,000. Every query
// goes through the code that answers GET /api/events, from the parsed query string on; HTTP itself is left out.
import 'reflect-metadata';
import { parseArgs } from 'node:util';
import { parseEventFilter } from '../../apps/hub/dist/events/event-filter.js';
import { EventStats } from '../../apps/hub/dist/events/event-stats.js';
import { EventTimeline } from '../../apps/hub/dist/events/event-timeline.js';
import { FilterResolver } from '../../apps/hub/dist/events/filter-resolver.js';
import { OrderedScans } from '../../apps/hub/dist/events/ordered-scans.js';
import { WalkLengths } from '../../apps/hub/dist/events/walk-lengths.js';
import { describePlace, openBenchDatabase } from './lib/bench-database.mjs';
import { ms, percentile, table, timesOf } from './lib/measure.mjs';
import { timelineQuestions } from './lib/timeline-questions.mjs';
import { CONNECTIONS, eventsStatement, words } from './lib/timeline-world.mjs';

const BATCH = 50_000;
const PAGE = 50;
const RUNS = 40;
const DEEP_PAGE = 1_000;

const { values } = parseArgs({ options: { events: { type: 'string' } } });
const { database, embedded, close } = await openBenchDatabase();
try {
  const total = Number(values.events ?? (embedded ? 100_000 : 1_000_000));
  console.log(`${await describePlace(database, embedded)}\n${total.toLocaleString('en')} events\n`);
  await bench(total);
} finally {
  await close();
}

async function bench(total) {
  const connections = await fill(total);
  const asked = recorder(database);
  const timeline = new EventTimeline(asked, new OrderedScans(asked), new WalkLengths());
  const resolver = new FilterResolver(asked);
  const stats = new EventStats(asked);
  const page = async (query, after) => {
    const filter = await resolver.resolve(parseEventFilter(query));
    const direction = query.order ?? 'desc';
    return timeline.read({ filter, direction, after, limit: PAGE + 1 });
  };
  const count = async (query) => stats.count(await resolver.resolve(parseEventFilter(query)), 60);

  const fresh = [
    ['stats over everything', 500, await timesOf(5, () => count({}))],
    ['rare word', 50, await timesOf(RUNS, (run) => page({ q: `topic${4_000 + run}` }))],
  ];
  console.log('Right after writing, never vacuumed (no visibility map, index updates still pending):\n');
  console.log(
    `${table(
      ['query', 'p50 ms', 'p95 ms', 'target'],
      fresh.map(([name, target, times]) => timed(name, target, times)),
    )}\n`,
  );
  await database.query('vacuum analyze change_event');

  const rows = [];
  for (const { name, target, query } of timelineQuestions(connections)) {
    asked.forget();
    let found = 0;
    const times = await timesOf(RUNS, async (run) => (found = Math.max(found, (await page(query(run))).length)));
    rows.push([...timed(name, target, times), Math.min(found, PAGE), await asked.indexes()]);
  }
  console.log(`First page of ${PAGE}, each run with other values where the question has some:\n`);
  console.log(`${table(['query', 'p50 ms', 'p95 ms', 'target', 'rows', 'indexes'], rows)}\n`);

  const deep = [];
  for (const [name, query] of [
    ['everything', {}],
    ['one type', { eventType: 'pipeline' }],
    ['frequent word', { q: words.frequent }],
  ]) {
    deep.push(await deepPages(name, (after) => page(query, after)));
  }
  console.log(`${table(['query', 'page 1, p50 ms', `page ${DEEP_PAGE}, p50 ms`, 'ratio'], deep)}\n`);

  const counted = [];
  for (const [name, target, query] of [
    ['everything', 500, {}],
    ['one connection', 500, { connectionId: connections[0] }],
    ['one type', 500, { eventType: 'pipeline' }],
    ['one week', 500, { from: '2026-05-04', to: '2026-05-11' }],
    ['one author', 500, { author: 'user599' }],
    ['rare word', 500, { q: words.rare }],
    ['frequent word', undefined, { q: words.frequent }],
  ]) {
    asked.forget();
    counted.push([...timed(name, target, await timesOf(10, () => count(query))), await asked.indexes()]);
  }
  console.log(`Statistics, 60 bins:\n\n${table(['filter', 'p50 ms', 'p95 ms', 'target', 'indexes'], counted)}`);
}

async function fill(total) {
  const rows = await database.query(CONNECTIONS);
  // The bench decides when to vacuum, so that both states are measured and not chance.
  await database.query('alter table change_event set (autovacuum_enabled = false)');
  const start = performance.now();
  for (let from = 1; from <= total; from += BATCH) {
    await database.query(eventsStatement({ from, to: Math.min(from + BATCH - 1, total), total }));
  }
  await database.query('analyze change_event');
  const [{ size }] = await database.query(`select pg_size_pretty(pg_total_relation_size('change_event')) as size`);
  console.log(`Filled in ${((performance.now() - start) / 1000).toFixed(0)} s, ${size} with indexes\n`);
  return rows.map(({ id }) => id);
}

async function deepPages(name, page) {
  let after;
  const pageTimes = async () => {
    const times = await timesOf(20, () => page(after));
    return percentile(times, 0.5);
  };
  const first = await pageTimes();
  for (let number = 1; number < DEEP_PAGE; number++) {
    const last = (await page(after)).at(PAGE - 1);
    if (last === undefined) return [name, ms(first), 'fewer pages', '-'];
    after = { at: last.place_at, id: last.id };
  }
  const deep = await pageTimes();
  return [name, ms(first), ms(deep), (deep / first).toFixed(1)];
}

function timed(name, target, times) {
  const p95 = percentile(times, 0.95);
  const verdict = target === undefined ? 'reported' : `< ${target}: ${p95 < target ? 'met' : 'MISSED'}`;
  return [name, ms(percentile(times, 0.5)), ms(p95), verdict];
}

/** The database as the code under test sees it, remembering what was asked, to explain it afterwards. */
function recorder(real) {
  let asked = [];
  return {
    query(sql, parameters) {
      asked.push([sql, parameters]);
      return real.query(sql, parameters);
    },
    forget: () => (asked = []),
    /** Of the last run's statements: those since the last that began anew are few, so all of one run's kind are kept. */
    async indexes() {
      const names = new Set();
      for (const [sql, parameters] of asked.slice(-4)) {
        const [row] = await real.query(`explain (format json) ${sql}`, parameters);
        for (const match of JSON.stringify(row).matchAll(/"Index Name":"([^"]+)"/g)) {
          names.add(match[1].replace('change_event_', ''));
        }
      }
      return [...names].join(', ') || 'none';
    },
  };
}
