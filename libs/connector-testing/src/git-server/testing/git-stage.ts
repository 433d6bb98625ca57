import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { BareRepository } from '../bare-repository.js';
import { GitHttp, type GitAccess } from '../git-http.js';
import type { GitCredentials } from '../git-request.js';
import type { RefUpdate } from '../receive-pack.js';
import { gitClient, type ClientResult } from './git-client.js';

/** One repository behind HTTP with one account, and a client that talks to it with git itself. */
export class GitStage {
  readonly git: GitHttp;
  /** What the server allows; a test changes it at will. */
  rules: Partial<Pick<GitAccess, 'decide' | 'largestPush' | 'hiddenRefs'>> = {};
  readonly received: (readonly RefUpdate[])[] = [];

  private constructor(
    readonly folder: string,
    readonly remote: BareRepository,
    readonly local: BareRepository,
    private readonly server: Server,
  ) {
    this.git = new GitHttp({
      access: ({ repositoryPath, credentials }) => {
        if (repositoryPath !== '/acme/web app.git') return { status: 404, body: 'no such repository\n' };
        if (!isKnown(credentials))
          return { status: 401, headers: { 'WWW-Authenticate': 'Basic realm="test"' }, body: 'who are you\n' };
        return { repository: this.remote, user: 'nora', ...this.rules };
      },
      received: (_access, updates) => {
        this.received.push(updates);
      },
    });
    server.on('request', (message, response) => {
      if (!this.git.serve(message, response)) response.writeHead(404).end();
    });
  }

  static async start(): Promise<GitStage> {
    const folder = await mkdtemp(join(tmpdir(), 'git-stage-'));
    const remote = await BareRepository.create(join(folder, 'remote.git'));
    const local = await BareRepository.create(join(folder, 'local.git'));
    const server = createServer();
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    return new GitStage(folder, remote, local, server);
  }

  get origin(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  get url(): string {
    return `${this.origin}/acme/web%20app.git`;
  }

  /** Runs git in the local repository, logged in by a header; never throws for an exit status. */
  client(args: readonly string[], password = 'secret'): Promise<ClientResult> {
    return gitClient(this.local, { origin: this.origin, username: 'nora', password }, args);
  }

  async stop(): Promise<void> {
    await this.git.stop();
    this.server.closeAllConnections();
    this.server.close();
    await once(this.server, 'close');
    await rm(this.folder, { recursive: true, force: true });
  }
}

function isKnown(credentials: GitCredentials | undefined): boolean {
  return credentials?.kind === 'basic' && credentials.password === 'secret';
}
