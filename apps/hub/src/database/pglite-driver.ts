import { EventEmitter } from 'node:events';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { isDate, isUint8Array } from 'node:util/types';
import { Worker } from 'node:worker_threads';

/** What node-postgres answers to a query; the part TypeORM and we read. */
export interface QueryAnswer {
  rows: Record<string, unknown>[];
  rowCount: number;
  command?: string;
}

type Callback<T> = (error: Error | null, value?: T) => void;
type Release = (error?: Error) => void;

/** A query waited this long for the one database session; a transaction that awaits something else holds it. */
const ACQUIRE_TIMEOUT_MS = 60_000;

/** A parameter as node-postgres would send it. */
function toParameter(value: unknown): unknown {
  if (value === undefined || value === null) return null;
  if (isDate(value)) return value.toISOString();
  if (isUint8Array(value) || Array.isArray(value)) return value;
  if (typeof value === 'object') return JSON.stringify(value);
  return typeof value === 'number' || typeof value === 'bigint' ? String(value) : value;
}

/** Answers a caller that came with a callback, as node-postgres' older users do. */
function tell<T>(promise: Promise<T>, callback: (error: Error | null, value?: T) => void): void {
  promise.then(
    (value) => callback(null, value),
    (error: unknown) => callback(error instanceof Error ? error : new Error(String(error))),
  );
}

const TIMESTAMP_TYPES = new Set([1114, 1184]);

/** Makes dates of the times that crossed the thread as milliseconds. */
function revive(answer: QueryAnswer & { fields?: { name: string; dataTypeID: number }[] }): QueryAnswer {
  const times = (answer.fields ?? [])
    .filter((field) => TIMESTAMP_TYPES.has(field.dataTypeID))
    .map((field) => field.name);
  for (const row of answer.rows) {
    for (const name of times) {
      const value = row[name];
      if (typeof value === 'number') row[name] = new Date(value);
    }
  }
  return answer;
}

/** The part we need; the compiler's libraries for Node have none of it. */
declare const WebAssembly: { compile(bytes: Uint8Array): Promise<object> };

let compiled: Promise<object | undefined> | undefined;

/** The database's program for all threads of this process: a thread that compiles it by itself needs a second more. */
function compileOnce(): Promise<object | undefined> {
  const folder = dirname(createRequire(import.meta.url).resolve('@electric-sql/pglite'));
  // Where the package has moved it, the thread finds it all the same.
  return (compiled ??= readFile(join(folder, 'pglite.wasm')).then(
    (bytes) => WebAssembly.compile(bytes),
    () => undefined,
  ));
}

/** The thread that owns the database, and the questions it has not answered yet. */
class PgliteThread {
  private worker: Worker | undefined;
  private readonly pending = new Map<
    number,
    { resolve: (answer: QueryAnswer) => void; reject: (error: Error) => void }
  >();
  private readonly ready: Promise<void>;
  private nextId = 1;
  private failure?: Error;

  constructor(dataDir: string | undefined) {
    this.ready = this.start(dataDir);
    this.ready.catch(() => undefined); // reported by the first query
  }

  async run(sql: string, params?: readonly unknown[]): Promise<QueryAnswer> {
    return this.send({ sql, params: params?.map(toParameter) });
  }

  async close(): Promise<void> {
    if (this.failure === undefined) await this.send({ close: true });
    await this.worker?.terminate();
  }

  private async start(dataDir: string | undefined): Promise<void> {
    const workerData = { dataDir, program: await compileOnce() };
    const worker = new Worker(new URL('../../pglite-worker.mjs', import.meta.url), { workerData });
    this.worker = worker;
    await new Promise<void>((resolve, reject) => {
      worker.on(
        'message',
        (message: { ready?: true; id: number; result?: QueryAnswer; error?: { message: string } }) => {
          if (message.ready) return resolve();
          const question = this.pending.get(message.id);
          this.pending.delete(message.id);
          if (message.error) question?.reject(Object.assign(new Error(message.error.message), message.error));
          else question?.resolve(revive(message.result ?? { rows: [], rowCount: 0 }));
        },
      );
      const fail = (error: Error) => {
        this.failure = error;
        reject(error);
        for (const question of this.pending.values()) question.reject(error);
        this.pending.clear();
      };
      worker.on('error', fail);
      worker.on('exit', () => fail(new Error('the embedded database has stopped')));
    });
  }

  private async send(message: object): Promise<QueryAnswer> {
    await this.ready;
    if (this.failure) throw this.failure;
    const id = this.nextId++;
    return new Promise((resolve, reject) => {
      this.pending.set(id, { resolve, reject });
      this.worker?.postMessage({ id, ...message });
    });
  }
}

/** The one session, lent to one borrower at a time, in order of asking. */
class Session {
  private readonly waiting: (() => void)[] = [];
  private taken = false;

  async acquire(): Promise<() => void> {
    if (this.taken) {
      await new Promise<void>((resolve, reject) => {
        const turn = () => {
          clearTimeout(timer);
          resolve();
        };
        const timer = setTimeout(() => {
          this.waiting.splice(this.waiting.indexOf(turn), 1);
          reject(new Error('timed out waiting for the embedded database: another transaction is open'));
        }, ACQUIRE_TIMEOUT_MS);
        this.waiting.push(turn);
      });
    }
    this.taken = true;
    let released = false;
    return () => {
      if (released) return;
      released = true;
      const next = this.waiting.shift();
      if (next) next();
      else this.taken = false;
    };
  }
}

/** Has node-postgres' client shape. */
class PgliteClient extends EventEmitter {
  constructor(private readonly thread: PgliteThread) {
    super();
  }

  query(
    sql: string | { text: string; values?: unknown[] },
    params?: unknown[],
    callback?: Callback<QueryAnswer>,
  ): Promise<QueryAnswer> {
    const text = typeof sql === 'string' ? sql : sql.text;
    const answer = this.thread.run(text, params ?? (typeof sql === 'string' ? undefined : sql.values));
    if (callback) tell(answer, callback);
    return answer;
  }
}

/**
 * A `driver` for TypeORM's postgres data source that keeps the database in a folder (or in memory, without `dataDir`).
 * PGlite is one session: a transaction owns it until it ends, and every other query waits. Inside a transaction use only
 * the entity manager it passes, and never await a remote.
 */
export function createPgliteDriver(dataDir?: string): { Pool: new () => object } {
  return {
    Pool: class PglitePool extends EventEmitter {
      private readonly thread = new PgliteThread(dataDir);
      private readonly session = new Session();

      connect(
        callback?: (error: Error | null, client?: PgliteClient, release?: Release) => void,
      ): Promise<PgliteClient & { release: Release }> {
        const lent = this.session
          .acquire()
          .then((release) => Object.assign(new PgliteClient(this.thread), { release }));
        if (callback) tell(lent, (error, client) => callback(error, client, client?.release));
        return lent;
      }

      async query(sql: string, params?: unknown[]): Promise<QueryAnswer> {
        const release = await this.session.acquire();
        try {
          return await this.thread.run(sql, params);
        } finally {
          release();
        }
      }

      end(callback?: Callback<void>): Promise<void> {
        const closed = this.thread.close();
        if (callback) tell(closed, callback);
        return closed;
      }
    },
  };
}
