import { mkdtemp, rm } from 'node:fs/promises';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import type { BareRepository } from './bare-repository.js';
import { GitFaults, type GitFaultOptions } from './git-faults.js';
import {
  credentialsOf,
  parseGitUrl,
  secretHash,
  type GitCredentials,
  type GitRequest,
  type LoggedGitRequest,
} from './git-request.js';
import { HttpBackend } from './http-backend.js';
import { LfsHttp } from './lfs-http.js';
import { explainReport, readCommands, type RefDecision, type RefUpdate } from './receive-pack.js';
import { reasonOf, writeUpdateHook } from './update-hook.js';

/** A plain answer, in the place of git's. */
export interface GitRefusal {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

/** What a client gets to see: a repository under a name, and the rules for what it may change there. */
export interface GitAccess {
  readonly repository: BareRepository;
  readonly user: string;
  /** Asked once a push, with the refs as they are. What it does not name is allowed. */
  readonly decide?: (
    updates: readonly RefUpdate[],
    refs: ReadonlyMap<string, string>,
  ) => ReadonlyMap<string, RefDecision> | Promise<ReadonlyMap<string, RefDecision>>;
  /** The largest pack that is taken, and what is said of a larger one. */
  readonly largestPush?: { readonly bytes: number; readonly message: string };
  /** Refs that are neither shown nor taken, as prefixes of full names. */
  readonly hiddenRefs?: readonly string[];
}

export interface GitHttpOptions {
  /** Who may do this, and on what. */
  readonly access: (request: GitRequest) => Promise<GitAccess | GitRefusal> | GitAccess | GitRefusal;
  /** Told after each push, with the refs that really changed. */
  readonly received?: (access: GitAccess, updates: readonly RefUpdate[]) => Promise<void> | void;
}

/**
 * Git's smart HTTP protocol over real repositories: the protocol is git's own program, the decisions are its owner's. It
 * has no server of its own; simulators pass on the requests that are git's.
 */
export class GitHttp {
  readonly faults = new GitFaults();
  /** Each is here before its client has the whole answer. */
  readonly requests: LoggedGitRequest[] = [];
  /** Large files, kept beside the repositories. */
  readonly lfs: LfsHttp;
  /** Told of each request before anything is done about it. */
  watch: ((request: Omit<GitRequest, 'credentials'>) => void) | undefined;
  private readonly running = new Set<HttpBackend>();

  constructor(private readonly options: GitHttpOptions) {
    this.lfs = new LfsHttp(options);
  }

  /** Answers a request of git; false where it is none. */
  serve(message: IncomingMessage, response: ServerResponse): boolean {
    if (this.lfs.serve(message, response)) return true;
    const parsed = parseGitUrl(message.url ?? '/');
    if (parsed === undefined) return false;
    const { repositoryPath, service, phase } = parsed;
    this.watch?.({ repositoryPath, service, phase });
    const { options, faults, running, requests } = this;
    const exchange = new Exchange({ options, faults, running, requests }, parsed, message, response);
    void exchange.run().catch((error: unknown) => {
      // A defect must be seen by the test that hit it.
      if (!response.headersSent) response.writeHead(500, { 'Content-Type': 'text/plain' });
      response.end(error instanceof Error ? error.stack : String(error));
    });
    return true;
  }

  /** Ends what is still running. */
  async stop(): Promise<void> {
    const running = [...this.running];
    for (const backend of running) backend.kill();
    await Promise.all(running.map((backend) => backend.done()));
  }
}

type Parsed = NonNullable<ReturnType<typeof parseGitUrl>>;

interface Server {
  readonly options: GitHttpOptions;
  readonly faults: GitFaults;
  readonly running: Set<HttpBackend>;
  readonly requests: LoggedGitRequest[];
}

class Exchange {
  private bytesIn = 0;
  private updates: readonly RefUpdate[] = [];
  private status = 0;
  private isNoted = false;
  private readonly credentials: GitCredentials | undefined;

  constructor(
    private readonly server: Server,
    private readonly parsed: Parsed,
    private readonly message: IncomingMessage,
    private readonly response: ServerResponse,
  ) {
    this.credentials = credentialsOf(message.headers);
  }

  async run(): Promise<void> {
    const { credentials } = this;
    const { repositoryPath, service, phase } = this.parsed;
    // Before a long push git asks with an empty one whether it may: no fault of a test means that.
    const isProbe = phase === 'exchange' && this.message.headers['content-length'] === '4';
    const fault = isProbe ? undefined : this.server.faults.strike({ service, phase, path: repositoryPath });
    if (fault?.kind === 'slow') await wait(fault.delayMs ?? 0);
    if (fault?.kind === 'held') await fault.removed;
    const early = fault === undefined ? undefined : faultAnswer(fault, this.message.url ?? '/');
    if (fault?.kind === 'reset_before') this.hangUp();
    else if (early !== undefined) this.refuse(early);
    else {
      const access = await this.server.options.access({ repositoryPath, service, phase, credentials });
      if (!('repository' in access)) this.refuse(access);
      else if (service === 'git-receive-pack' && phase === 'exchange') await this.receive(access, fault);
      else await this.relay(access, fault);
    }
    this.note();
  }

  /** Before the last byte goes out: whoever has the whole answer finds the request among those that were made. */
  private note(): void {
    if (this.isNoted) return;
    this.isNoted = true;
    const { repositoryPath, service, phase } = this.parsed;
    this.server.requests.push({
      repositoryPath,
      service,
      phase,
      method: this.message.method ?? 'GET',
      status: this.status,
      secretHash: secretHash(this.credentials),
      username: this.credentials?.kind === 'basic' ? this.credentials.username : undefined,
      updates: this.updates,
      bytesIn: this.bytesIn,
    });
  }

  /** Fetches, and questions for refs: git's answer goes out as it comes. */
  private async relay(access: GitAccess, fault: GitFaultOptions | undefined): Promise<void> {
    const backend = this.start(access, [], {});
    this.feed(backend, Buffer.alloc(0), fault);
    const head = await backend.readHead().catch(() => undefined);
    if (head === undefined || fault?.kind === 'reset_after') {
      backend.kill();
      this.hangUp();
      return;
    }
    this.status = head.status;
    this.response.writeHead(head.status, head.headers);
    if (fault?.kind === 'cut_body') {
      this.response.write(head.body.subarray(0, Math.ceil(head.body.length / 2)), () => this.hangUp());
      backend.kill();
      return;
    }
    this.response.write(head.body);
    backend.output.pipe(this.response, { end: false });
    await backend.done();
    this.note();
    this.response.end();
  }

  /** A push: its commands are judged first, then git takes the pack, then its report gets the reasons of refusals. */
  private async receive(access: GitAccess, fault: GitFaultOptions | undefined): Promise<void> {
    const request = await readCommands(this.message);
    this.updates = request.updates;
    this.bytesIn = request.head.length;
    const folder = await mkdtemp(join(tmpdir(), 'git-push-'));
    try {
      const before = await access.repository.refs();
      const decisions = (await access.decide?.(request.updates, before)) ?? new Map<string, RefDecision>();
      const hooked = decisions.size === 0 ? {} : await writeUpdateHook(folder, decisions);
      const limit = access.largestPush;
      const config: [string, string][] = [];
      if (decisions.size > 0) config.push(['core.hookspath', folder]);
      if (limit !== undefined) config.push(['receive.maxinputsize', String(limit.bytes)]);
      const backend = this.start(access, config, hooked);
      this.feed(backend, request.head, fault);
      const head = await backend.readHead().catch(() => undefined);
      const rest = head === undefined ? Buffer.alloc(0) : await buffer(backend.output);
      await backend.done();
      const after = await access.repository.refs();
      const changed = request.updates.filter(
        ({ ref, after: wanted }) => (after.get(ref) ?? noObject) === wanted && (before.get(ref) ?? noObject) !== wanted,
      );
      if (changed.length > 0) await this.server.options.received?.(access, changed);
      if (head === undefined || fault?.kind === 'reset_after') {
        this.hangUp();
        return;
      }
      const byRef = new Map([...decisions].map(([ref, decision]) => [ref, reasonOf(decision)]));
      const body = explainReport(Buffer.concat([head.body, rest]), request.sideBand, { byRef, unpack: limit?.message });
      this.status = head.status;
      this.response.writeHead(head.status, { ...head.headers, 'Content-Length': String(body.length) });
      this.note();
      this.response.end(body);
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  }

  private start(
    access: GitAccess,
    config: readonly (readonly [string, string])[],
    env: Readonly<Record<string, string>>,
  ): HttpBackend {
    const { repository, user, hiddenRefs = [] } = access;
    const { route, query } = this.parsed;
    const { message } = this;
    const hidden = hiddenRefs.map((prefix) => ['transfer.hiderefs', prefix] as const);
    const settings = [...config, ...hidden];
    const backend = new HttpBackend({ repository, route, query, message, user, config: settings, env });
    const { running } = this.server;
    running.add(backend);
    void backend.done().then(() => running.delete(backend));
    return backend;
  }

  /** Passes the request's body on, counts it, and hangs up in the middle where a fault says so. */
  private feed(backend: HttpBackend, head: Buffer, fault: GitFaultOptions | undefined): void {
    const { message } = this;
    const limit = fault?.kind === 'reset_during' ? (fault.afterBytes ?? 1) : Number.POSITIVE_INFINITY;
    const cut = (): void => {
      backend.kill();
      this.hangUp();
    };
    if (head.length > limit) {
      cut();
      return;
    }
    backend.input.write(head);
    message.on('data', (chunk: Buffer) => {
      this.bytesIn += chunk.length;
      if (this.bytesIn > limit) cut();
      else if (!backend.input.write(chunk)) {
        message.pause();
        backend.input.once('drain', () => message.resume());
      }
    });
    const end = (): void => {
      if (limit !== Number.POSITIVE_INFINITY) cut();
      else backend.input.end();
    };
    if (message.readableEnded) end();
    else message.on('end', end);
    // A client that goes away leaves half a pack, which git must not wait on.
    message.on('close', () => {
      if (!message.complete) backend.kill();
    });
    message.resume();
  }

  private refuse({ status, headers = {}, body = '' }: GitRefusal): void {
    this.status = status;
    this.message.resume();
    this.note();
    this.response.writeHead(status, { 'Content-Type': 'text/plain; charset=utf-8', ...headers });
    this.response.end(body);
  }

  private hangUp(): void {
    this.note();
    this.message.socket.destroy();
  }
}

const noObject = '0'.repeat(40);

function faultAnswer(fault: GitFaultOptions, url: string): GitRefusal | undefined {
  switch (fault.kind) {
    case 'unauthorized':
      return { status: 401, headers: { 'WWW-Authenticate': 'Basic realm="git"' }, body: 'HTTP Basic: Access denied\n' };
    case 'forbidden':
      return { status: 403, body: 'You are not allowed to do this.\n' };
    case 'not_found':
      return { status: 404, body: 'Repository not found\n' };
    case 'error500':
      return { status: 500, body: 'Internal Server Error\n' };
    case 'unavailable':
      return {
        status: 503,
        headers: fault.retryAfter === undefined ? {} : { 'Retry-After': fault.retryAfter },
        body: 'Service Unavailable\n',
      };
    case 'rate_limited':
      return { status: 429, headers: { 'Retry-After': fault.retryAfter ?? '1' }, body: 'Retry later\n' };
    case 'sign_in_page':
      return {
        status: 203,
        headers: { 'Content-Type': 'text/html; charset=utf-8' },
        body: '<!DOCTYPE html>\n<html><head><title>Sign In</title></head><body>Sign in to continue</body></html>\n',
      };
    case 'redirect':
      return { status: 302, headers: { Location: `${fault.location ?? ''}${url}` } };
    default:
      return undefined;
  }
}

function wait(milliseconds: number): Promise<void> {
  return new Promise((resolve) => {
    // Nobody waits for a slow answer once everything else is over.
    setTimeout(resolve, milliseconds).unref();
  });
}
