import { ConnectorError } from '@syncline/connector-sdk';
import type { z } from 'zod';
import { parseOne } from '../page.js';

/**
 * Sends a write and reads its answer. An answer that cannot be read came after the write: the error is `transient`, which
 * says that it may have happened. An answer that refuses says that it did not.
 */
export async function written<T>(call: Promise<unknown>, schema: z.ZodType<T>, what: string): Promise<T> {
  const body: unknown = await sent(call);
  try {
    return parseOne(body, schema, what);
  } catch (cause) {
    throw new ConnectorError('transient', `GitLab's answer to the change of ${what} cannot be read.`, {
      hint: 'Whether it happened is found out by the next run.',
      cause,
    });
  }
}

/** Sends a write whose answer says nothing. Refusals speak of writing, where the client's own speak of reading. */
export async function sent(call: Promise<unknown>): Promise<unknown> {
  try {
    return await call;
  } catch (error) {
    if (!(error instanceof ConnectorError) || error.status !== 403) throw error;
    const { status } = error;
    if (error.kind === 'auth') {
      throw new ConnectorError('auth', 'The access token may not write: its scope is too small.', {
        hint: 'Create a token with the scope api.',
        status,
        cause: error,
      });
    }
    throw new ConnectorError(error.kind, error.message, {
      hint: "The project is archived, the discussion is locked, or the role of the token's user is too low (Developer is needed).",
      status,
      cause: error,
    });
  }
}

/** The answer, or undefined where GitLab knows no such thing (404). */
export async function orMissing<T>(call: Promise<T>): Promise<T | undefined> {
  try {
    return await call;
  } catch (error) {
    if (error instanceof ConnectorError && error.status === 404) return undefined;
    throw error;
  }
}
