/** What came back: names of headers in lower case, bytes without transfer and content coding. */
export interface RawAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly bytes: Buffer;
}

/** The answer, as it came or decompressed, is longer than allowed. */
export class AnswerTooLarge extends Error {}
