import { afterEach } from '@jest/globals';
import { type Handler, type LocalServer, startServer } from './local-server.js';

/** Starts servers that end with the test that started them. Once in a file. */
export function serversOfATest(): (handler: Handler) => Promise<LocalServer> {
  const servers: LocalServer[] = [];
  afterEach(async () => {
    await Promise.all(servers.splice(0).map((server) => server.close()));
  });
  return async (handler) => {
    const server = await startServer(handler);
    servers.push(server);
    return server;
  };
}
