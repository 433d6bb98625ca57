import { redactText } from '@syncline/remote-http';

/** Longest text of a remote that is shown; the rest is noise or an attack on the page. */
const MAX_LENGTH = 300;

/**
 * The sentence in an error body. GitLab has four JSON shapes: `{error}`, `{error, error_description}`, `{message: text}`
 * and `{message: {field: [reasons]}}`, besides plain text. Undefined for HTML and for bodies that say nothing.
 */
export function errorText(body: unknown): string | undefined {
  if (typeof body === 'string') return isHtml(body) ? undefined : (jsonText(body) ?? shorten(body));
  if (!isObject(body)) return undefined;
  return shorten(asText(body['error_description']) ?? asText(body['message']) ?? asText(body['error']) ?? '');
}

export function isHtml(body: unknown): boolean {
  return typeof body === 'string' && /^\s*(?:<!doctype html|<html|<\?xml|<head|<body)/i.test(body);
}

/** An error told as JSON where a file was asked for arrives as text. */
function jsonText(body: string): string | undefined {
  if (!body.startsWith('{')) return undefined;
  try {
    return errorText(JSON.parse(body));
  } catch {
    return undefined;
  }
}

/** `field reason, reason; field reason`, or the text itself. */
function asText(value: unknown): string | undefined {
  if (typeof value === 'string') return value;
  if (Array.isArray(value)) return value.map((one: unknown) => asText(one) ?? '').join(', ');
  if (!isObject(value)) return undefined;
  return Object.entries(value)
    .map(([field, reasons]) =>
      field === 'error' || field === 'base' ? (asText(reasons) ?? '') : `${field} ${asText(reasons) ?? ''}`.trim(),
    )
    .join('; ');
}

function shorten(value: string): string | undefined {
  const text = redactText(value.replace(/\s+/g, ' ').trim());
  if (text === '') return undefined;
  return text.length > MAX_LENGTH ? `${text.slice(0, MAX_LENGTH)}…` : text;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
