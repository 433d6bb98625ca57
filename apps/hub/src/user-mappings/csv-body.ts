import type { Request } from 'express';
import { Problem } from '../http/problem.js';

/** 1 MB, as for every other body. */
export const MOST_BYTES = 1_048_576;

/** The bytes of a CSV that was sent as the body. 413 where there are more than allowed, 415 for another type. */
export async function readCsvBody(request: Request): Promise<Uint8Array> {
  if (request.is(['text/csv', 'text/plain', 'application/csv', 'application/vnd.ms-excel']) === false) {
    throw new Problem(415, 'Send the table as the body, with the header "Content-Type: text/csv".');
  }
  const tooLarge = new Problem(413, `The body is too large; ${MOST_BYTES} bytes are allowed.`, {
    headers: { connection: 'close' },
  });
  if (Number(request.headers['content-length'] ?? 0) > MOST_BYTES) throw tooLarge;
  const chunks: Buffer[] = [];
  let size = 0;
  try {
    const body: AsyncIterable<Buffer> = request.iterator({ destroyOnReturn: false });
    for await (const bytes of body) {
      size += bytes.length;
      if (size > MOST_BYTES) throw tooLarge;
      chunks.push(bytes);
    }
  } catch (error) {
    if (error instanceof Problem) throw error;
    throw Problem.badRequest('The body ended before it was complete.');
  }
  return Buffer.concat(chunks);
}
