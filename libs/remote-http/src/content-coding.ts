import { promisify } from 'node:util';
import { brotliDecompress, unzip } from 'node:zlib';
import { AnswerTooLarge, type RawAnswer } from './raw-answer.js';

export const ACCEPTED_CODINGS = 'gzip, deflate, br';

const unzipBytes = promisify(unzip);
const unbrotli = promisify(brotliDecompress);
const DECODERS: Readonly<Partial<Record<string, typeof unzipBytes>>> = {
  gzip: unzipBytes,
  'x-gzip': unzipBytes,
  deflate: unzipBytes,
  br: unbrotli,
};

export function isCoded({ headers, bytes }: RawAnswer): boolean {
  return headers['content-encoding'] !== undefined && bytes.length > 0;
}

/** The answer without its content coding; one that nobody asked for stays as it is. Throws what zlib throws for a broken one. */
export async function decompress(answer: RawAnswer, maxBytes: number): Promise<RawAnswer> {
  const { 'content-encoding': coding = '', 'content-length': _length, ...headers } = answer.headers;
  const decode = DECODERS[coding.trim().toLowerCase()];
  if (decode === undefined) return answer;
  try {
    return { ...answer, headers, bytes: await decode(answer.bytes, { maxOutputLength: maxBytes }) };
  } catch (error) {
    throw isTooLarge(error) ? new AnswerTooLarge() : error;
  }
}

/** By shape, not by class: Node's errors may come from another realm. */
function isTooLarge(error: unknown): boolean {
  return typeof error === 'object' && error !== null && 'code' in error && error.code === 'ERR_BUFFER_TOO_LARGE';
}
