import { spawn, type ChildProcessByStdio } from 'node:child_process';
import type { IncomingMessage } from 'node:http';
import type { Readable, Writable } from 'node:stream';
import type { BareRepository } from './bare-repository.js';
import { plainGitEnvironment } from './git-command.js';

export interface BackendCall {
  readonly repository: BareRepository;
  /** Behind the repository's path: `/info/refs`, `/git-upload-pack` or `/git-receive-pack`. */
  readonly route: string;
  readonly query: string;
  readonly message: Pick<IncomingMessage, 'method' | 'headers'>;
  readonly user: string;
  /** Configuration of this call only, name and value; a name may come twice. */
  readonly config?: readonly (readonly [string, string])[];
  /** What its hooks need to know. */
  readonly env?: Readonly<Record<string, string>>;
}

export interface BackendHead {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  /** What of the body came with the head. */
  readonly body: Buffer;
}

/** One `git http-backend`, git's own server side, started the way a web server starts a CGI program. */
export class HttpBackend {
  private readonly child: ChildProcessByStdio<Writable, Readable, Readable>;
  private readonly complaints: Buffer[] = [];
  private ended = false;

  constructor(call: BackendCall) {
    const { repository, message } = call;
    const entries = call.config ?? [];
    const config = Object.fromEntries(
      entries.flatMap(([name, value], index) => [
        [`GIT_CONFIG_KEY_${index}`, name],
        [`GIT_CONFIG_VALUE_${index}`, value],
      ]),
    );
    const length = message.headers['content-length'];
    const encoding = message.headers['content-encoding'];
    const protocol = message.headers['git-protocol'];
    const env = plainGitEnvironment({
      ...config,
      ...(entries.length === 0 ? {} : { GIT_CONFIG_COUNT: String(entries.length) }),
      ...call.env,
      GIT_PROJECT_ROOT: repository.root,
      GIT_HTTP_EXPORT_ALL: '1',
      PATH_INFO: `/${repository.name}${call.route}`,
      QUERY_STRING: call.query,
      REQUEST_METHOD: message.method ?? 'GET',
      CONTENT_TYPE: message.headers['content-type'] ?? '',
      ...(length === undefined ? {} : { CONTENT_LENGTH: length }),
      ...(typeof encoding === 'string' ? { HTTP_CONTENT_ENCODING: encoding } : {}),
      ...(typeof protocol === 'string' ? { GIT_PROTOCOL: protocol } : {}),
      REMOTE_USER: call.user,
      REMOTE_ADDR: '127.0.0.1',
      GIT_COMMITTER_NAME: call.user,
      GIT_COMMITTER_EMAIL: 'push@example.com',
    });
    // A process group of its own, so that killing it takes what it started along.
    this.child = spawn('git', ['http-backend'], { env, stdio: ['pipe', 'pipe', 'pipe'], detached: true });
    this.child.stdin.on('error', () => undefined);
    this.child.stderr.on('data', (chunk: Buffer) => this.complaints.push(chunk));
    this.child.on('close', () => {
      this.ended = true;
    });
  }

  get input(): Writable {
    return this.child.stdin;
  }

  /** The rest of the body, once the head was read. */
  get output(): Readable {
    return this.child.stdout;
  }

  get stderr(): string {
    return Buffer.concat(this.complaints).toString('utf8');
  }

  /** The head of the answer, in CGI's form: headers, an empty line, the body. */
  async readHead(): Promise<BackendHead> {
    let seen = Buffer.alloc(0);
    for await (const chunk of this.child.stdout.iterator({ destroyOnReturn: false })) {
      seen = Buffer.concat([seen, chunk as Buffer]);
      const end = seen.indexOf('\r\n\r\n');
      if (end < 0) continue;
      return { ...parseHead(seen.toString('latin1', 0, end)), body: seen.subarray(end + 4) };
    }
    throw new Error(`git http-backend said nothing: ${this.stderr}`);
  }

  kill(): void {
    if (this.ended || this.child.pid === undefined) return;
    try {
      process.kill(-this.child.pid, 'SIGKILL');
    } catch {
      // It ended in this moment.
    }
  }

  /** Resolves when the program and its output are done. */
  async done(): Promise<void> {
    if (this.ended) return;
    await new Promise<void>((resolve) => {
      this.child.once('close', () => {
        resolve();
      });
    });
  }
}

function parseHead(text: string): Omit<BackendHead, 'body'> {
  let status = 200;
  const headers: Record<string, string> = {};
  for (const line of text.split('\r\n')) {
    const [, name = '', value = ''] = /^([^:]+):\s*(.*)$/.exec(line) ?? [];
    if (name.toLowerCase() === 'status') status = Number.parseInt(value, 10);
    else if (name !== '') headers[name] = value;
  }
  return { status, headers };
}
