import { type CheckResult, type CheckStep, ConnectorError, type Session } from '@syncline/connector-sdk';
import { createRedactor } from '@syncline/remote-http';
import { Injectable } from '@nestjs/common';
import { SessionFactory } from '../runs/session-factory.js';
import { SecretUnreadable } from '../secrets/secret-box.js';
import type { CheckView } from './instance-view.js';

/** Calls of connectors outside runs end after this long. */
const CALL_LIMIT_MS = 60_000;

/** Calls connector code outside a run, with a time limit. */
@Injectable()
export class CheckRunner {
  constructor(private readonly sessions: SessionFactory) {}

  /** Whatever goes wrong becomes a failed step: a test answers what is wrong, it does not fail. */
  async check(secrets: readonly string[], work: (session: Session) => Promise<CheckResult>): Promise<CheckView> {
    const redact = createRedactor(secrets);
    try {
      const { steps, account, expiresAt } = await this.call(secrets, work);
      const shown = steps.map((step) => (step.hint === undefined ? step : { ...step, hint: redact(step.hint) }));
      return {
        ok: steps.every((step) => step.ok),
        steps: shown,
        ...(account ? { account } : {}),
        ...(expiresAt ? { expiresAt } : {}),
      };
    } catch (error) {
      return failedCheck(error, redact);
    }
  }

  /** Throws what the connector throws, and `transient` when it takes too long. */
  async call<T>(secrets: readonly string[], work: (session: Session) => Promise<T>): Promise<T> {
    const limit = new AbortController();
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<never>((_, reject) => {
      timer = setTimeout(() => {
        reject(new ConnectorError('transient', `No answer within ${CALL_LIMIT_MS / 1_000} seconds.`));
        limit.abort();
      }, CALL_LIMIT_MS);
    });
    try {
      return await Promise.race([work(this.sessions.forCall(secrets, limit.signal)), late]);
    } finally {
      clearTimeout(timer);
    }
  }
}

/** A check that could not even begin, or broke off. */
export function failedCheck(error: unknown, redact: (text: string) => string = (text) => text): CheckView {
  return { ok: false, steps: [failedStep(error, redact)] };
}

function failedStep(error: unknown, redact: (text: string) => string): CheckStep {
  if (error instanceof SecretUnreadable) {
    return { id: 'secret', label: 'The stored secrets can be read', ok: false, hint: error.message };
  }
  const { kind, message, hint } = ConnectorError.from(error);
  return { id: kind, label: 'The check could be made', ok: false, hint: redact(hint ? `${message} ${hint}` : message) };
}
