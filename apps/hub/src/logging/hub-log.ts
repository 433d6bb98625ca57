import { closeSync, openSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { Injectable } from '@nestjs/common';
import { type Logger, pino, stdTimeFunctions } from 'pino';
import type { Settings } from '../config/settings.js';
import { errorCode } from '../config/error-code.js';
import { StartError } from '../config/start-error.js';
import { makeFolders } from '../config/make-folders.js';
import { redactFields, redactLine } from './redact-log.js';

type Write = (data: object | string, message?: string) => void;

/** The process's own log: structured, one JSON object a line (readable on a terminal), secrets removed. */
@Injectable()
export class HubLog {
  constructor(private readonly logger: Logger) {}

  readonly debug: Write = (data, message) => this.write('debug', data, message);
  readonly info: Write = (data, message) => this.write('info', data, message);
  readonly warn: Write = (data, message) => this.write('warn', data, message);
  readonly error: Write = (data, message) => this.write('error', data, message);
  readonly fatal: Write = (data, message) => this.write('fatal', data, message);

  /** The same log with fields added to every line. */
  child(fields: Readonly<Record<string, unknown>>): HubLog {
    return new HubLog(this.logger.child(redactFields(fields)));
  }

  /** For libraries that take pino itself. */
  get pino(): Logger {
    return this.logger;
  }

  /** Writes what is buffered; for the last lines of a process. */
  async flush(): Promise<void> {
    await new Promise<void>((resolve) => this.logger.flush(() => resolve()));
  }

  private write(level: 'debug' | 'info' | 'warn' | 'error' | 'fatal', data: object | string, message?: string): void {
    if (typeof data === 'string') this.logger[level](data);
    else this.logger[level](data, message);
  }
}

/** Standard output, or LOG_FILE where it is set; pretty on a terminal. Throws `StartError` for a file that cannot be written. */
export function createHubLog(
  settings: Pick<Settings, 'logLevel' | 'logFile'>,
  destination?: NodeJS.WritableStream,
): HubLog {
  const options = {
    level: settings.logLevel,
    base: null,
    timestamp: stdTimeFunctions.isoTime,
    formatters: {
      level: (label: string) => ({ level: label }),
      log: redactFields,
    },
    hooks: {
      logMethod(this: Logger, args: Parameters<Logger['info']>, method: (...args: Parameters<Logger['info']>) => void) {
        const safe = args.map((arg: unknown) => (typeof arg === 'string' ? redactLine(arg) : arg));
        Reflect.apply(method, this, safe);
      },
    },
  };
  if (destination) return new HubLog(pino(options, destination));
  if (settings.logFile !== undefined) {
    assertWritable(settings.logFile);
    return new HubLog(pino(options, pino.destination({ dest: settings.logFile, sync: false })));
  }
  if (!process.stdout.isTTY) return new HubLog(pino(options, pino.destination({ dest: 1, sync: true })));
  const target = { target: 'pino-pretty', options: { ignore: 'pid,hostname', translateTime: 'SYS:HH:MM:ss' } };
  return new HubLog(pino({ ...options, formatters: { log: options.formatters.log } }, pino.transport(target)));
}

function assertWritable(file: string): void {
  try {
    makeFolders(dirname(resolve(file)), 0o777);
    closeSync(openSync(file, 'a'));
  } catch (error) {
    const code = errorCode(error) ?? 'unknown error';
    throw new StartError(`LOG_FILE is "${file}", which cannot be written (${code}).`);
  }
}
