import type { Readable } from 'node:stream';
import { flushPacket, onBand, packet, readPackets } from './pkt-line.js';

/** One ref that a push wants to change. 40 zeros are "none". */
export interface RefUpdate {
  readonly ref: string;
  readonly before: string;
  readonly after: string;
}

/** Why a ref may not be changed: at all, or only where that would drop commits. The text reaches the client. */
export type RefDecision = { readonly deny: string } | { readonly denyForced: string };

export interface ReceiveRequest {
  readonly updates: readonly RefUpdate[];
  readonly sideBand: boolean;
  /** All bytes read so far: the commands, and perhaps the beginning of the pack. */
  readonly head: Buffer;
}

/** Reads the commands at the beginning of a push; the pack stays in the stream. */
export async function readCommands(stream: Readable): Promise<ReceiveRequest> {
  let head = Buffer.alloc(0);
  for (;;) {
    const { packets } = readPackets(head, true);
    if (packets.at(-1) === null) return { ...parseCommands(packets), head };
    const chunk = await nextChunk(stream);
    if (chunk === undefined) return { ...parseCommands(packets), head };
    head = Buffer.concat([head, chunk]);
  }
}

function parseCommands(packets: readonly (Buffer | null)[]): Omit<ReceiveRequest, 'head'> {
  const updates: RefUpdate[] = [];
  let sideBand = false;
  for (const line of packets) {
    if (line === null) break;
    const [command = '', capabilities = ''] = line.toString('utf8').replace(/\n$/, '').split('\0', 2);
    if (capabilities.includes('side-band-64k')) sideBand = true;
    const found = /^([0-9a-f]{40}) ([0-9a-f]{40}) (.+)$/.exec(command);
    if (found !== null) updates.push({ before: found[1] ?? '', after: found[2] ?? '', ref: found[3] ?? '' });
  }
  return { updates, sideBand };
}

/** The next piece, or undefined at the end; the stream stays usable for piping. */
function nextChunk(stream: Readable): Promise<Buffer | undefined> {
  return new Promise((resolve, reject) => {
    const chunk = stream.read() as Buffer | null;
    if (chunk !== null || stream.readableEnded) {
      resolve(chunk ?? undefined);
      return;
    }
    const clear = (): void => {
      stream.off('readable', onReadable).off('end', onEnd).off('error', onError).off('close', onEnd);
    };
    const onReadable = (): void => {
      const next = stream.read() as Buffer | null;
      if (next === null) return;
      clear();
      resolve(next);
    };
    const onEnd = (): void => {
      clear();
      resolve(undefined);
    };
    const onError = (error: Error): void => {
      clear();
      reject(error);
    };
    stream.on('readable', onReadable).on('end', onEnd).on('error', onError).on('close', onEnd);
  });
}

/** git's own words for a ref that a hook refused, and for a pack that it could not take. */
const declined = /^(?:hook declined|pre-receive hook declined)$/;
const unpackFailed = /^unpacker error$/;

/**
 * Puts a server's own reasons into git's report, which otherwise says `hook declined`; hosting services answer with their
 * own sentence in this place.
 */
export function explainReport(
  body: Buffer,
  sideBand: boolean,
  reasons: { readonly byRef: ReadonlyMap<string, string>; readonly unpack?: string },
): Buffer {
  if (reasons.byRef.size === 0 && reasons.unpack === undefined) return body;
  if (!sideBand) return explainLines(body, reasons);
  const { packets } = readPackets(body);
  const spoken = packets.filter((one): one is Buffer => one?.[0] === 2);
  const report = Buffer.concat(packets.filter((one): one is Buffer => one?.[0] === 1).map((one) => one.subarray(1)));
  return Buffer.concat([...spoken.map(packet), onBand(1, explainLines(report, reasons)), flushPacket]);
}

function explainLines(
  report: Buffer,
  reasons: { readonly byRef: ReadonlyMap<string, string>; readonly unpack?: string },
): Buffer {
  const lines = readPackets(report).packets.map((line) => {
    if (line === null) return flushPacket;
    const refused = /^ng (\S+) (.*?)\n?$/.exec(line.toString('utf8'));
    if (refused === null) return packet(line);
    const [, ref = '', why = ''] = refused;
    const reason = declined.test(why) ? reasons.byRef.get(ref) : unpackFailed.test(why) ? reasons.unpack : undefined;
    return reason === undefined ? packet(line) : packet(`ng ${ref} ${reason}\n`);
  });
  return Buffer.concat(lines);
}
