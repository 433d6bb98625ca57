import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { WebhookRequest } from '@syncline/connector-sdk';

/** Takes what a GitLab sends to a webhook, as a host would see it. */
export class HookCatcher {
  readonly caught: WebhookRequest[] = [];

  private constructor(private readonly server: Server) {}

  static async start(): Promise<HookCatcher> {
    const server = createServer();
    const catcher = new HookCatcher(server);
    server.on('request', (request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => {
        const headers = Object.fromEntries(
          Object.entries(request.headers).map(([name, value]) => [name, String(value)]),
        );
        catcher.caught.push({ headers, rawBody: Buffer.concat(chunks) });
        response.writeHead(202).end();
      });
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    return catcher;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}/hook`;
  }

  /** The newest delivery of this event, e.g. `Push Hook`. */
  last(event: string): WebhookRequest {
    const found = this.caught.findLast(({ headers }) => headers['x-gitlab-event'] === event);
    if (found === undefined) throw new Error(`no ${event} was delivered`);
    return found;
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    this.server.close();
    await once(this.server, 'close');
  }
}
