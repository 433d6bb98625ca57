import { redactText } from '@syncline/remote-http';

const MASK = '[redacted]';
const MAX_DEPTH = 8;

/** Names whose values are secrets wherever they are logged. */
const secretNames = new Set([
  'authorization',
  'proxy-authorization',
  'cookie',
  'set-cookie',
  'token',
  'admintoken',
  'password',
  'apikey',
  'secret',
  'secretkey',
  'privatekey',
  'private-token',
  'x-gitlab-token',
  'webhooksecret',
  'signingtoken',
  'credentials',
  'access_token',
  'private_token',
]);

/** Our own API tokens; those of remote systems are the library's business. */
const ownToken = /\bsyncline_[\w-]{20,}/g;

export const redactLine = (text: string): string => redactText(text).replace(ownToken, MASK);

/** A copy for the log: values under secret names are masked, and texts lose what looks like a secret. */
function redactForLog(value: unknown, depth = 0): unknown {
  if (typeof value === 'string') return redactLine(value);
  if (value === null || typeof value !== 'object' || value instanceof Date) return value;
  if (depth > MAX_DEPTH) return '[too deep]';
  if (Array.isArray(value)) return value.map((item) => redactForLog(item, depth + 1));
  if (value instanceof Error) return redactError(value, depth);
  return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, redactField(name, item, depth)]));
}

/** The fields of a line. */
export const redactFields = (fields: Readonly<Record<string, unknown>>): Record<string, unknown> =>
  Object.fromEntries(Object.entries(fields).map(([name, value]) => [name, redactField(name, value)]));

function redactField(name: string, value: unknown, depth = 0): unknown {
  const secret = secretNames.has(name.toLowerCase()) && value !== null && value !== undefined;
  return secret ? MASK : redactForLog(value, depth + 1);
}

function redactError(error: Error, depth: number): object {
  return {
    type: error.name,
    message: redactLine(error.message),
    ...('code' in error && typeof error.code === 'string' ? { code: error.code } : {}),
    stack: error.stack === undefined ? undefined : redactLine(error.stack),
    ...(error.cause === undefined ? {} : { cause: redactForLog(error.cause, depth + 1) }),
  };
}
