import { errorCode } from '../config/error-code.js';

/** The constraint that an insert or update violated. */
export function violatedConstraint(error: unknown): string | undefined {
  if (errorCode(error) !== '23505' || typeof error !== 'object' || error === null) return undefined;
  const constraint: unknown =
    Reflect.get(error, 'constraint') ?? Reflect.get(Object(Reflect.get(error, 'driverError')), 'constraint');
  return typeof constraint === 'string' ? constraint : undefined;
}

const unreachable = /^(ECONN|EHOSTUNREACH|ENETUNREACH|ENOTFOUND|EAI_AGAIN|ETIMEDOUT|EPIPE|08|53300|57P0)/;
const lostConnection =
  /connection terminated|timeout exceeded when trying to connect|the embedded database has stopped|not queryable|is not established|driver not connected/i;

/** No answer came from the database: nothing is wrong with the request. */
export function isDatabaseDown(error: unknown): boolean {
  const code = errorCode(error);
  if (code !== undefined && unreachable.test(code)) return true;
  return error instanceof Error && lostConnection.test(error.message);
}

/** PostgreSQL refuses the character NUL in texts. */
export const holdsNul = (error: unknown): boolean => ['22021', '22P05'].includes(errorCode(error) ?? '');
