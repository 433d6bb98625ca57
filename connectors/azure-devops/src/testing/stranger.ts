import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A server nobody should ask anything; it notes the path and the credential of each request. */
export async function startStranger(): Promise<{
  readonly url: string;
  readonly seen: readonly string[];
  close(): void;
}> {
  const seen: string[] = [];
  const server = createServer((request, response) => {
    seen.push(`${request.url ?? ''} ${request.headers.authorization ?? ''}`);
    response.writeHead(404).end();
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return { url, seen, close: () => void server.close() };
}
