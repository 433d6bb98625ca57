// Counts what a process asks of PostgreSQL: a door in front of the server that reads the heads of messages as they pass.
import { once } from 'node:events';
import { connect, createServer } from 'node:net';

const SIMPLE_QUERY = 'Q'.charCodeAt(0);
const EXECUTE = 'E'.charCodeAt(0);

/** `url` leads to the same database through the door; `count()` tells how many statements have passed. */
export async function countStatements(databaseUrl) {
  const target = new URL(databaseUrl);
  let passed = 0;
  const server = createServer((client) => {
    const upstream = connect(Number(target.port || 5432), target.hostname);
    const read = messageReader((kind) => {
      if (kind === SIMPLE_QUERY || kind === EXECUTE) passed += 1;
    });
    client.on('data', (chunk) => {
      read(chunk);
      upstream.write(chunk);
    });
    upstream.on('data', (chunk) => client.write(chunk));
    for (const [one, other] of [
      [client, upstream],
      [upstream, client],
    ]) {
      one.setNoDelay(true);
      one.on('close', () => other.destroy());
      one.on('error', () => other.destroy());
    }
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const url = Object.assign(new URL(databaseUrl), { hostname: '127.0.0.1', port: String(server.address().port) });
  return { url: url.toString(), count: () => passed, close: () => server.close() };
}

/** The first message has no letter; all others are one letter, four bytes of length (counting themselves) and content. */
function messageReader(onMessage) {
  let head = Buffer.alloc(0);
  let skip = 0;
  let hasLetter = false;
  return (chunk) => {
    let at = 0;
    while (at < chunk.length) {
      if (skip > 0) {
        const step = Math.min(skip, chunk.length - at);
        [at, skip] = [at + step, skip - step];
        continue;
      }
      const size = hasLetter ? 5 : 4;
      const part = chunk.subarray(at, at + size - head.length);
      head = Buffer.concat([head, part]);
      at += part.length;
      if (head.length < size) continue;
      if (hasLetter) onMessage(head[0]);
      skip = head.readUInt32BE(size - 4) - 4;
      hasLetter = true;
      head = Buffer.alloc(0);
    }
  };
}
