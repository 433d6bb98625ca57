import type { HttpClient, Instance, LogDetails, Session, SessionLog } from '@syncline/connector-sdk';
import { Budgets, createHttpClient, createRedactor, type RequestInfo } from '@syncline/remote-http';
import { Injectable } from '@nestjs/common';
import { HubLog } from '../logging/hub-log.js';
import { Metrics } from '../metrics/metrics.js';
import { BudgetTable } from './budget-table.js';
import type { LogLevel } from './run-log.js';

export interface HttpUse {
  readonly log: SessionLog;
  readonly signal: AbortSignal;
  readonly onRequest?: (info: RequestInfo) => void;
}

/** Makes what connectors are lent: one budget per account for the whole process, redaction always on. */
@Injectable()
export class SessionFactory {
  private readonly budgets: Budgets;

  constructor(
    budgetTable: BudgetTable,
    private readonly hubLog: HubLog,
    private readonly metrics: Metrics,
  ) {
    this.budgets = new Budgets({ store: budgetTable });
  }

  http(instance: Instance, use: HttpUse): HttpClient {
    return createHttpClient({
      instance,
      budget: this.budgets.for(instance),
      log: use.log,
      signal: use.signal,
      userAgent: 'Syncline',
      onRequest: (info) => {
        this.metrics.remoteRequest(instance.kind, info.status);
        use.onRequest?.(info);
      },
    });
  }

  /** For checks and discovery: no run, so the log goes to the process's own. */
  forCall(secrets: readonly string[], signal: AbortSignal): Session {
    const redact = createRedactor(secrets);
    const log = this.processLog(redact);
    return { log, signal, now: () => new Date(), http: (instance) => this.http(instance, { log, signal }) };
  }

  private processLog(redact: (text: string) => string): SessionLog {
    const line = (level: LogLevel) => (message: string, details?: LogDetails) =>
      this.hubLog[level]({ item: details?.item }, redact(message));
    return { debug: line('debug'), info: line('info'), warn: line('warn'), error: line('error') };
  }
}
