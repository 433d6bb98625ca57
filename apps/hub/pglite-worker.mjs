// The embedded database in a thread of its own: in the main thread its queries starve the event loop.
// Plain JavaScript beside src and dist, so that both run the same file without a build step in between.
import { parentPort, workerData } from 'node:worker_threads';
import { PGlite, types } from '@electric-sql/pglite';

const text = (value) => value;
const milliseconds = (value) =>
  Date.parse(
    `${value.replace(' ', 'T')}${/[+-]\d\d(:?\d\d)?$/.test(value) ? (/[+-]\d\d$/.test(value) ? ':00' : '') : 'Z'}`,
  );
const db = await PGlite.create({
  ...(workerData.dataDir === undefined ? {} : { dataDir: workerData.dataDir }),
  ...(workerData.program === undefined ? {} : { pgliteWasmModule: workerData.program }),
  // As node-postgres does: 64-bit and exact numbers stay strings. Times travel as milliseconds: the receiving side makes
  // dates of its own realm of them.
  parsers: {
    [types.INT8]: text,
    [types.NUMERIC]: text,
    [types.TIMESTAMPTZ]: milliseconds,
    [types.TIMESTAMP]: milliseconds,
  },
});

async function run({ sql, params }) {
  // Without parameters the simple protocol takes several statements at once, as node-postgres does.
  if (params === undefined || params.length === 0) return (await db.exec(sql)).at(-1) ?? { rows: [] };
  return db.query(sql, params);
}

let queue = Promise.resolve();
parentPort.on('message', (message) => {
  queue = queue.then(async () => {
    if (message.close) {
      await db.close();
      parentPort.postMessage({ id: message.id, result: { rows: [] } });
      parentPort.close();
      return;
    }
    try {
      const { rows, affectedRows, rowCount, command, fields } = await run(message);
      parentPort.postMessage({
        id: message.id,
        result: { rows, fields, rowCount: rowCount ?? affectedRows ?? rows.length, command },
      });
    } catch (error) {
      const { message: text, code, detail, constraint, table, column, severity, position } = error;
      parentPort.postMessage({
        id: message.id,
        error: { message: text, code, detail, constraint, table, column, severity, position },
      });
    }
  });
});
parentPort.postMessage({ ready: true });
