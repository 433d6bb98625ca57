import type { HttpRequest } from '@syncline/connector-sdk';
import type { RawAnswer } from './raw-answer.js';

export interface EncodedBody {
  readonly bytes: Uint8Array;
  readonly contentType: string;
}

export function encodeBody(body: HttpRequest['body']): EncodedBody | undefined {
  if (body === undefined) return undefined;
  if (body instanceof Uint8Array) {
    // The transport takes Node's buffers only; this is one on the same bytes.
    const bytes = Buffer.from(body.buffer, body.byteOffset, body.byteLength);
    return { bytes, contentType: 'application/octet-stream' };
  }
  return { bytes: Buffer.from(JSON.stringify(body)), contentType: 'application/json' };
}

/** `lost`: the answer claims to be JSON and is not, so the middle or the end of it went missing. */
export interface DecodedBody {
  readonly body: unknown;
  readonly lost: boolean;
}

/** No content is `null`. JSON that cannot be parsed is its text. */
export function decodeBody(answer: RawAnswer, method: string, type: HttpRequest['responseType'] = 'json'): DecodedBody {
  const { bytes, headers, status } = answer;
  if (type === 'bytes') return { body: new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength), lost: false };
  if (type === 'text') return { body: bytes.toString('utf8'), lost: false };
  if (bytes.length === 0) {
    const mayBeEmpty =
      method === 'HEAD' || status === 204 || status === 205 || status === 304 || headers['content-length'] === '0';
    return { body: null, lost: !mayBeEmpty && isJson(headers) };
  }
  const text = bytes.toString('utf8');
  try {
    const body: unknown = JSON.parse(text);
    return { body, lost: false };
  } catch {
    return { body: text, lost: isJson(headers) };
  }
}

function isJson(headers: RawAnswer['headers']): boolean {
  return /\bjson\b/i.test(headers['content-type'] ?? '');
}
