/** What goes back to the client. A body of undefined means none at all, as with 204 and 304. */
export interface Reply {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | Buffer | undefined;
}

/** Thrown by handlers: the request ends with this answer. */
export class Refusal extends Error {
  override readonly name = 'Refusal';

  constructor(readonly reply: Reply) {
    super(`${reply.status} ${reply.body?.toString() ?? ''}`);
  }
}

export function jsonReply(value: unknown, status = 200, headers: Readonly<Record<string, string>> = {}): Reply {
  return jsonText(JSON.stringify(value), status, headers);
}

/** An array of rows that are serialised already; one copy where they are bytes. */
export function jsonArray(rows: readonly (string | Buffer)[]): string | Buffer {
  const pieces = rows.filter((row) => typeof row !== 'string');
  if (pieces.length < rows.length || rows.length === 0) return `[${rows.map(String).join(',')}]`;
  const size = pieces.reduce((total, piece) => total + piece.length + 1, 1);
  const bytes = Buffer.allocUnsafe(size);
  bytes.write('[');
  let at = 1;
  for (const piece of pieces) {
    at += piece.copy(bytes, at);
    at += bytes.write(',', at);
  }
  bytes.write(']', size - 1);
  return bytes;
}

/** For bodies that are serialised already. */
export function jsonText(body: string | Buffer, status = 200, headers: Readonly<Record<string, string>> = {}): Reply {
  return { status, headers: { 'Content-Type': 'application/json', ...headers }, body };
}

export function textReply(body: string, status = 200, headers: Readonly<Record<string, string>> = {}): Reply {
  return { status, headers: { 'Content-Type': 'text/plain; charset=utf-8', ...headers }, body };
}

export function htmlReply(status: number, title: string): Reply {
  const body = `<!DOCTYPE html>\n<html>\n<head>\n  <title>${title}</title>\n</head>\n<body>\n  <h1>${title}</h1>\n</body>\n</html>\n`;
  return { status, headers: { 'Content-Type': 'text/html; charset=utf-8' }, body };
}

export const noContent: Reply = { status: 204, headers: {}, body: undefined };

// The four JSON shapes of GitLab's errors: `error` comes from the parameter check and the router, `message` from GitLab.

/** 400 of the parameter check: `updated_after is invalid`. */
export function badParameter(error: string): Refusal {
  return new Refusal(jsonReply({ error }, 400));
}

export function badRequest(message: string): Refusal {
  return new Refusal(jsonReply({ message }, 400));
}

/** `404 Project Not Found`, or `404 Not found` for a plain lookup. */
export function notFound(what?: string): Refusal {
  return new Refusal(jsonReply({ message: what === undefined ? '404 Not found' : `404 ${what} Not Found` }, 404));
}

export function forbidden(reason?: string): Refusal {
  return new Refusal(jsonReply({ message: reason === undefined ? '403 Forbidden' : `403 Forbidden - ${reason}` }, 403));
}

export function unauthorized(): Refusal {
  return new Refusal(jsonReply({ message: '401 Unauthorized' }, 401));
}

/** The router's own 404: nobody knows this path. */
export const noRoute: Reply = jsonReply({ error: '404 Not Found' }, 404);
