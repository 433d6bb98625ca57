// How fast a page of events is stored: npm run bench:storing [-- --pages 60]
// `EventStore.apply` in pages of 1,000 against the floor: a bare multi-row insert of the same rows, prepared beforehand,
// into the same table with the same indexes and triggers. Both take turns, so that both meet the same table.
import 'reflect-metadata';
import { parseArgs } from 'node:util';
import { mapEventRow } from '../../apps/hub/dist/events/event-row.js';
import { EventStore } from '../../apps/hub/dist/events/event-store.js';
import { describePlace, openBenchDatabase } from './lib/bench-database.mjs';
import { ms, percentile, table } from './lib/measure.mjs';

const ROWS = 1_000;
const TARGET = 0.5;

const { values } = parseArgs({ options: { pages: { type: 'string', default: '60' } } });
const pages = Number(values.pages);
const { database, embedded, close } = await openBenchDatabase();
try {
  console.log(`${await describePlace(database, embedded)}\n${pages} pages of ${ROWS} events each way\n`);
  await bench();
} finally {
  await close();
}

async function bench() {
  const [{ id }] = await database.query(
    `insert into connection (name, connector_id, config) values ('bench', 'gitlab-events', '{}') returning id`,
  );
  const connection = { id, connectorId: 'gitlab-events' };
  const store = new EventStore(database);
  const apply = (events) =>
    database.transaction((manager) => store.apply(manager, connection, events, 'poll', new Date()));
  const insert = bareInsert(connection);

  const times = { bare: [], apply: [], again: [], changed: [] };
  const measure = async (name, work) => {
    const start = performance.now();
    await work();
    times[name].push(performance.now() - start);
  };
  for (let page = -3; page < pages; page++) {
    // Negative pages warm up: their times are thrown away below.
    const rows = eventsOfPage(`bare-${page}`).map(mapEventRow);
    const events = eventsOfPage(`mr-${page}`);
    const bare = () => measure('bare', () => database.transaction((manager) => insert(manager, rows)));
    const applied = () => measure('apply', () => apply(events));
    for (const step of page % 2 ? [bare, applied] : [applied, bare]) await step();
    await measure('again', () => apply(events));
    await measure('changed', () => apply(events.map(changed)));
  }

  const rate = (name) =>
    ROWS /
    (percentile(
      times[name].slice(3).sort((a, b) => a - b),
      0.5,
    ) /
      1_000);
  const row = (name, label) => {
    const sorted = times[name].slice(3).sort((a, b) => a - b);
    const ratio = rate(name) / rate('bare');
    const verdict = name === 'apply' ? `>= ${TARGET}: ${ratio >= TARGET ? 'met' : 'MISSED'}` : '';
    return [
      label,
      ms(percentile(sorted, 0.5)),
      ms(percentile(sorted, 0.95)),
      Math.round(rate(name)).toLocaleString('en'),
      ratio.toFixed(2),
      verdict,
    ];
  };
  console.log(
    table(
      [`${ROWS} events, one transaction`, 'p50 ms', 'p95 ms', 'events/s', 'to the floor', 'target'],
      [
        row('bare', 'bare insert, rows prepared (floor)'),
        row('apply', 'apply, all new, with transitions'),
        row('again', 'apply, all known (idle poll)'),
        row('changed', 'apply, all changed'),
      ],
    ),
  );
}

/** One statement with a placeholder for each value. */
function bareInsert({ id, connectorId }) {
  const columns = [
    'event_id',
    'event_type',
    'title',
    'description',
    'status',
    'author',
    'project_id',
    'project_path',
    'url',
    'occurred_at',
    'version_at',
    'hash',
    'metadata',
    'words',
  ];
  const placeholders = Array.from({ length: ROWS }, (_, row) => {
    const at = (column) => `$${row * columns.length + column + 3}`;
    const plain = columns.slice(0, 11).map((_name, column) => at(column));
    return `($1, $2, ${plain.join(', ')}, decode(${at(11)}, 'hex'), ${at(12)}, array_to_tsvector(${at(13)}::text[]))`;
  });
  const sql = `insert into change_event (connection_id, connector_id, ${columns.slice(0, 13).join(', ')}, search)
    values ${placeholders.join(', ')}`;
  return (manager, rows) =>
    manager.query(sql, [
      id,
      connectorId,
      ...rows.flatMap((row) => columns.map((name) => (name === 'metadata' ? JSON.stringify(row[name]) : row[name]))),
    ]);
}

/** Merge requests as GitLab has them, a page of one project in order of their last change. */
function eventsOfPage(page) {
  return Array.from({ length: ROWS }, (_, n) => {
    const at = new Date(Date.UTC(2026, 0, 1) + n * 600_000);
    const merged = new Date(at.getTime() + 7_200_000);
    return {
      eventId: `${page}-${n}`,
      version: { updatedAt: merged },
      eventType: 'merge_request',
      title: `Fix area${n % 300} of topic${n % 1700} for ticket ${page} ${n}`,
      description: `This change touches module m${n % 400} and its tests. It replaces the old way of doing it by a simpler one.\n\nCloses #${n}.`,
      status: 'merged',
      author: `user${n % 600}`,
      project: { id: `${1000 + (n % 10)}`, path: `group/project${n % 10}` },
      url: `https://gitlab.example/group/project${n % 10}/-/merge_requests/${n}`,
      occurredAt: merged,
      transitions: [
        { status: 'opened', at },
        { status: 'merged', at: merged },
      ],
      metadata: {
        iid: n,
        sourceBranch: `feature-${n}`,
        targetBranch: 'main',
        labels: ['backend', `prio${n % 4}`],
        approvedBy: [`user${(n + 1) % 600}`],
        changedFiles: 3,
        mergedAt: merged.toISOString(),
      },
    };
  });
}

function changed(event) {
  const updatedAt = new Date(event.version.updatedAt.getTime() + 60_000);
  return { ...event, version: { updatedAt }, metadata: { ...event.metadata, labels: ['frontend'] } };
}
