/** Git's framing: four hex digits of length, the digits included, then the payload; `0000` ends a section. */
export const flushPacket = Buffer.from('0000');

/** The most a packet can carry. */
const longestPayload = 65_516;

export interface Packets {
  /** Payloads in order; null is a flush (or another marker without payload). */
  readonly packets: readonly (Buffer | null)[];
  /** Bytes read; what follows is something else, or incomplete. */
  readonly end: number;
}

/** Reads packets from the beginning; with `toFlush` no further than the first flush. Stops before an incomplete one. */
export function readPackets(bytes: Buffer, toFlush = false): Packets {
  const packets: (Buffer | null)[] = [];
  let at = 0;
  while (at + 4 <= bytes.length) {
    const length = Number.parseInt(bytes.toString('latin1', at, at + 4), 16);
    if (Number.isNaN(length)) throw new Error('this is no packet of git');
    if (length < 4) {
      packets.push(null);
      at += 4;
      if (toFlush && length === 0) break;
      continue;
    }
    if (at + length > bytes.length) break;
    packets.push(bytes.subarray(at + 4, at + length));
    at += length;
  }
  return { packets, end: at };
}

export function packet(payload: string | Buffer): Buffer {
  const body = typeof payload === 'string' ? Buffer.from(payload) : payload;
  return Buffer.concat([Buffer.from((body.length + 4).toString(16).padStart(4, '0')), body]);
}

/** A payload of any length on one of git's side bands: 1 is data, 2 is what the client prints as `remote: `. */
export function onBand(band: 1 | 2, payload: Buffer): Buffer {
  const pieces: Buffer[] = [];
  for (let at = 0; at < payload.length; at += longestPayload - 1) {
    pieces.push(packet(Buffer.concat([Buffer.from([band]), payload.subarray(at, at + longestPayload - 1)])));
  }
  return Buffer.concat(pieces);
}
