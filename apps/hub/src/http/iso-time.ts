import { buildMessage, isISO8601, ValidateBy } from 'class-validator';

const message = 'must be an ISO 8601 time such as 2026-02-03T10:11:12Z';

/** A day or a time that exists, from year 1 (PostgreSQL's calendar has no year 0); undefined for anything else. */
export function parseIsoTime(text: string): Date | undefined {
  if (!/^(?!0000)\d{4}-\d{2}-\d{2}/.test(text) || !isISO8601(text, { strict: true })) return undefined;
  const time = new Date(text);
  // With an offset, the first hours of year 1 may be in year 0.
  return Number.isNaN(time.getTime()) || time.getUTCFullYear() < 1 ? undefined : time;
}

/** A property that `parseIsoTime` reads. */
export const IsTime = (): PropertyDecorator =>
  ValidateBy({
    name: 'isTime',
    validator: {
      validate: (value: unknown) => typeof value === 'string' && parseIsoTime(value) !== undefined,
      defaultMessage: buildMessage(() => message),
    },
  });

export const notIsoTime = message;
