import { ConnectorError } from '@syncline/connector-sdk';
import { HttpException } from '@nestjs/common';
import { SecretUnreadable } from '../secrets/secret-box.js';
import { holdsNul, isDatabaseDown } from './database-errors.js';
import { Problem } from './problem.js';

/** What the API answers for an error; undefined for one that nobody foresaw. */
export function toProblem(error: unknown): Problem | undefined {
  if (error instanceof Problem) return error;
  if (error instanceof ConnectorError) return fromConnector(error);
  if (error instanceof HttpException) return fromFramework(error);
  if (error instanceof SecretUnreadable) return Problem.conflict(error.message);
  if (error instanceof URIError) return Problem.badRequest('The path is not correctly encoded.');
  if (isDatabaseDown(error)) return databaseDown(error);
  if (holdsNul(error))
    return Problem.invalid([{ path: '', message: 'holds the character NUL (\\u0000), which cannot be stored' }]);
  return fromBodyParser(error);
}

export const databaseDown = (cause?: unknown): Problem =>
  new Problem(503, 'The database cannot be reached. The hub goes on by itself when it is back.', {
    cause,
    headers: { 'retry-after': '5' },
  });

function fromFramework(error: HttpException): Problem {
  const status = error.getStatus();
  if (status === 404) return new Problem(404, 'There is nothing at this address.');
  return new Problem(status, sentence(error.message), { cause: error });
}

/** Errors of express' parsers carry a status and a type. */
function fromBodyParser(error: unknown): Problem | undefined {
  if (!(error instanceof Error) || !('status' in error) || typeof error.status !== 'number') return undefined;
  if (error.status < 400 || error.status >= 500) return undefined;
  const type: unknown = 'type' in error ? error.type : undefined;
  if (type === 'entity.parse.failed')
    return Problem.badRequest(`The body is not valid JSON: ${sentence(error.message)}`);
  if (type === 'entity.too.large') {
    const limit = 'limit' in error && typeof error.limit === 'number' ? `; ${error.limit} bytes are allowed` : '';
    return new Problem(413, `The body is too large${limit}.`);
  }
  return new Problem(error.status, sentence(error.message));
}

/** A remote that fails during a call of the API, e.g. discovery. */
function fromConnector(error: ConnectorError): Problem {
  const detail = error.hint === undefined ? error.message : `${error.message} ${error.hint}`;
  switch (error.kind) {
    case 'auth':
    case 'config':
      return Problem.invalid([{ path: error.path ?? '/config', message: error.message }], detail);
    case 'rate_limit': {
      const seconds = Math.max(1, Math.ceil(((error.retryAt?.getTime() ?? Date.now()) - Date.now()) / 1_000));
      return new Problem(429, detail, { cause: error, headers: { 'retry-after': String(seconds) } });
    }
    case 'transient':
    case 'permanent':
    case 'interrupted':
      return new Problem(502, detail, { cause: error });
  }
}

const sentence = (text: string): string => (/[.!?]$/.test(text) ? text : `${text}.`);
