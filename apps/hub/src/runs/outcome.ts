import { ConnectorError } from '@syncline/connector-sdk';
import type { RunError, RunStatus } from './run.js';

/** Why a run was told to end before it was done. */
export type StopReason = 'cancelled' | 'shutdown' | 'lease_lost';

export interface Outcome {
  readonly status: RunStatus;
  readonly error?: RunError;
  /** For `rate_limit`: when the remote takes requests again. */
  readonly retryAt?: Date;
  /** JSON Pointer of the config field to fix, where the error knows it; of `/params/...` what somebody asked for. */
  readonly path?: string;
  /** Single items are all that is wrong: they were set aside, and everything else went well. */
  readonly itemsOnly?: true;
  /** When what the run had to put off can be done; the next run comes then, where none comes earlier. */
  readonly followUpAt?: Date;
}

/** What one thing that was set aside looks like in the run's summary. */
export interface Failure {
  readonly where: string;
  readonly error: ConnectorError;
  /** An item that is set aside; absent: a whole stream. */
  readonly isItem?: true;
}

export function succeeded(failures: readonly Failure[]): Outcome {
  const first = failures[0];
  if (first === undefined) return { status: 'succeeded' };
  const more = failures.length > 1 ? ` and ${failures.length - 1} more` : '';
  return {
    status: 'partial',
    error: {
      kind: first.error.kind,
      message: `${first.where}${more} failed: ${first.error.message}`,
      hint: first.error.hint,
    },
    ...(failures.every(({ isItem }) => isItem === true) && { itemsOnly: true as const }),
  };
}

/** The run could not do what it was asked for by parameters of its own: that says nothing of the connection. */
export function isFaultOfRequest({ status, path }: Outcome): boolean {
  return status === 'failed' && path?.startsWith('/params/') === true;
}

export function failed(error: unknown, stop: StopReason | undefined): Outcome {
  if (stop === 'cancelled') return { status: 'cancelled' };
  if (stop === 'shutdown') {
    return {
      status: 'failed',
      error: {
        kind: 'interrupted',
        message: 'The hub was stopped while this ran.',
        hint: 'Nothing to do: the next run continues after the last committed page.',
      },
    };
  }
  const known = isDatabaseFault(error)
    ? new ConnectorError('transient', 'The hub’s own database did not answer.', { cause: error })
    : ConnectorError.from(error);
  const { kind, message, hint, retryAt, path } = known;
  return { status: 'failed', error: { kind, message, hint }, retryAt, path };
}

/** Messages may quote what a remote answered. */
export function redacted(outcome: Outcome, redact: (text: string) => string): Outcome {
  if (outcome.error === undefined) return outcome;
  const { kind, message, hint } = outcome.error;
  return { ...outcome, error: { kind, message: redact(message), hint: hint && redact(hint) } };
}

/** Connection faults and shutdown classes of PostgreSQL: the statement was fine, the server was not. */
function isDatabaseFault(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const code = (error as { code?: unknown }).code;
  const text = error.message;
  return (
    (typeof code === 'string' && /^(08|57|53|ECONN|EPIPE|ETIMEDOUT)/.test(code)) ||
    /Connection terminated|timeout exceeded when trying to connect|Client has encountered a connection error/.test(text)
  );
}
