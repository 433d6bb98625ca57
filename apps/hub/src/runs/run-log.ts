import type { JsonObject, LogDetails, SessionLog } from '@syncline/connector-sdk';
import type { DataSource } from 'typeorm';
import { storableJson } from '../events/storable-text.js';
import { redactJson } from './redact-json.js';

export type LogLevel = 'debug' | 'info' | 'warn' | 'error';

interface Line {
  readonly at: string;
  readonly level: LogLevel;
  readonly message: string;
  readonly item?: string;
  readonly data?: JsonObject;
}

const FLUSH_EVERY_MS = 500;
/** A run that logs without end must not fill the memory while the database is away. */
const MOST_LINES_KEPT = 5_000;

/** The log of one run. Lines are kept for a moment and stored together; secrets are gone before that. */
export class RunLog implements SessionLog {
  private lines: Line[] = [];
  private flushing = Promise.resolve();
  private readonly timer = setInterval(() => void this.flush(), FLUSH_EVERY_MS);

  constructor(
    private readonly database: DataSource,
    private readonly run: { readonly id: string; readonly connectionId: string },
    private readonly redact: (text: string) => string,
    private readonly also: (level: LogLevel, message: string, details: LogDetails) => void,
  ) {}

  debug(message: string, details: LogDetails = {}): void {
    this.add('debug', message, details);
  }
  info(message: string, details: LogDetails = {}): void {
    this.add('info', message, details);
  }
  warn(message: string, details: LogDetails = {}): void {
    this.add('warn', message, details);
  }
  error(message: string, details: LogDetails = {}): void {
    this.add('error', message, details);
  }

  /** Stores what has gathered; a database that does not answer loses log lines, never the run. */
  async flush(): Promise<void> {
    const lines = this.lines;
    if (lines.length === 0) return this.flushing;
    this.lines = [];
    this.flushing = this.flushing.then(async () => {
      try {
        await this.database.query(
          `insert into run_log (run_id, connection_id, at, level, message, item, data)
           select $1, $2, l.at, l.level, l.message, l.item, l.data
           from jsonb_to_recordset($3::jsonb) as l(at timestamptz, level text, message text, item text, data jsonb)`,
          [this.run.id, this.run.connectionId, storableJson(lines)],
        );
      } catch {
        this.lines = [...lines, ...this.lines].slice(-MOST_LINES_KEPT);
      }
    });
    return this.flushing;
  }

  async close(): Promise<void> {
    clearInterval(this.timer);
    await this.flush();
  }

  private add(level: LogLevel, message: string, details: LogDetails): void {
    const data = details.data && redactJson(details.data, this.redact);
    const line: Line = { at: new Date().toISOString(), level, message: this.redact(message), item: details.item, data };
    this.also(level, line.message, { item: line.item, data });
    this.lines.push(line);
    if (this.lines.length > MOST_LINES_KEPT) this.lines.splice(0, this.lines.length - MOST_LINES_KEPT);
  }
}
