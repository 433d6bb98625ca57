import type { LoggerService } from '@nestjs/common';
import { StartError } from '../config/start-error.js';
import type { HubLog } from './hub-log.js';

/** The framework's own messages in our log. Its chatter about routes is for debugging. */
export class NestLogger implements LoggerService {
  constructor(private readonly hubLog: HubLog) {}

  log(message: unknown, ...rest: unknown[]): void {
    this.hubLog.debug({ context: rest.at(-1) }, String(message));
  }

  debug(message: unknown, ...rest: unknown[]): void {
    this.log(message, ...rest);
  }

  verbose(message: unknown, ...rest: unknown[]): void {
    this.log(message, ...rest);
  }

  warn(message: unknown, ...rest: unknown[]): void {
    this.hubLog.warn({ context: rest.at(-1) }, String(message));
  }

  error(message: unknown, ...rest: unknown[]): void {
    // Who started us is told in a sentence; a stack would say nothing more.
    if (message instanceof StartError) return;
    const [stack, context] = rest.length > 1 ? rest : [undefined, rest[0]];
    const err = message instanceof Error ? message : undefined;
    this.hubLog.error({ context, stack, err }, err?.message ?? String(message));
  }

  fatal(message: unknown, ...rest: unknown[]): void {
    this.error(message, ...rest);
  }
}
