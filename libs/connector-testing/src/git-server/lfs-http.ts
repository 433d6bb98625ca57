import type { IncomingMessage, ServerResponse } from 'node:http';
import { buffer } from 'node:stream/consumers';
import type { GitAccess, GitRefusal } from './git-http.js';
import { credentialsOf, type GitRequest } from './git-request.js';
import { LfsStore, type LfsObject } from './lfs-store.js';

const mediaType = 'application/vnd.git-lfs+json';
const oidPattern = /^[0-9a-f]{64}$/;

/** Where a request of Git LFS goes: the questions (`batch`), or one file. */
interface LfsRoute {
  /** Decoded: `/acme/web.git`. */
  readonly repositoryPath: string;
  readonly rawPath: string;
  readonly oid?: string;
}

/** A request of Git LFS, by what it asked for. */
export interface LoggedLfsRequest {
  readonly repositoryPath: string;
  readonly what: 'download' | 'upload' | 'get' | 'put';
  readonly status: number;
  readonly oids: readonly string[];
}

export interface LfsOptions {
  readonly access: (request: GitRequest) => Promise<GitAccess | GitRefusal> | GitAccess | GitRefusal;
}

/**
 * The part of the Git LFS interface that fetches and pushes use: batches with the basic transfer, and the files below the
 * same address. As at GitLab the actions carry the credentials of the question.
 * Source: git-lfs documentation, docs/api/batch.md and docs/api/basic-transfers.md.
 */
export class LfsHttp {
  readonly requests: LoggedLfsRequest[] = [];
  /** Refused files: what the server says of them when they are asked for or offered. */
  readonly refusals = new Map<string, { readonly code: number; readonly message: string }>();

  constructor(private readonly options: LfsOptions) {}

  /** Answers a request of Git LFS; false where it is none. */
  serve(message: IncomingMessage, response: ServerResponse): boolean {
    const route = parseLfsUrl(message.url ?? '/');
    if (route === undefined) return false;
    void this.answer(route, message, response).catch((error: unknown) => {
      if (!response.headersSent) response.writeHead(500, { 'Content-Type': 'text/plain' });
      response.end(error instanceof Error ? error.stack : String(error));
    });
    return true;
  }

  private async answer(route: LfsRoute, message: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = await buffer(message);
    const batch = route.oid === undefined ? parseBatch(body) : undefined;
    const isUpload = batch === undefined ? message.method === 'PUT' : batch.operation === 'upload';
    const what = batch === undefined ? (isUpload ? 'put' : 'get') : isUpload ? 'upload' : 'download';
    const oids = batch === undefined ? [route.oid ?? ''] : batch.objects.map(({ oid }) => oid);
    const done = (status: number): void => {
      this.requests.push({ repositoryPath: route.repositoryPath, what, status, oids });
    };
    const access = await this.options.access({
      repositoryPath: route.repositoryPath,
      service: isUpload ? 'git-receive-pack' : 'git-upload-pack',
      phase: 'exchange',
      credentials: credentialsOf(message.headers),
    });
    if (!('repository' in access)) {
      done(access.status);
      send(response, access.status, { message: access.body ?? '' }, access.headers);
      return;
    }
    const store = new LfsStore(access.repository.path);
    if (batch !== undefined) {
      done(200);
      send(response, 200, { transfer: 'basic', objects: await this.actions(route, message, store, batch) });
      return;
    }
    const status = await this.transfer(store, route.oid ?? '', isUpload ? body : undefined, response);
    done(status);
  }

  private async actions(
    { rawPath }: LfsRoute,
    { headers, socket }: IncomingMessage,
    store: LfsStore,
    { operation, objects }: Batch,
  ): Promise<object[]> {
    const origin = `http${'encrypted' in socket ? 's' : ''}://${headers.host ?? ''}`;
    const header = headers.authorization === undefined ? {} : { Authorization: headers.authorization };
    return Promise.all(
      objects.map(async (object) => {
        const refusal = this.refusals.get(object.oid);
        if (refusal !== undefined) return { ...object, error: refusal };
        const href = `${origin}${rawPath}/info/lfs/objects/${object.oid}`;
        const isHere = await store.has(object.oid);
        if (operation === 'upload') return isHere ? object : { ...object, actions: { upload: { href, header } } };
        if (!isHere) return { ...object, error: { code: 404, message: 'Object does not exist on the server' } };
        return { ...object, actions: { download: { href, header } } };
      }),
    );
  }

  private async transfer(
    store: LfsStore,
    oid: string,
    content: Buffer | undefined,
    response: ServerResponse,
  ): Promise<number> {
    if (content !== undefined) {
      const { oid: actual } = await store.put(content);
      send(response, actual === oid ? 200 : 422, {
        message: actual === oid ? 'stored' : 'the content has another name',
      });
      return actual === oid ? 200 : 422;
    }
    if (!(await store.has(oid))) {
      send(response, 404, { message: 'Object does not exist on the server' });
      return 404;
    }
    response.writeHead(200, { 'Content-Type': 'application/octet-stream' }).end(await store.read(oid));
    return 200;
  }
}

interface Batch {
  readonly operation: 'upload' | 'download';
  readonly objects: readonly LfsObject[];
}

function parseLfsUrl(url: string): LfsRoute | undefined {
  const [path = ''] = url.split('?', 1);
  const [, rawPath = '', rest = ''] = /^(.+)\/info\/lfs\/objects\/(.+)$/.exec(path) ?? [];
  if (rawPath === '' || (rest !== 'batch' && !oidPattern.test(rest))) return undefined;
  return { repositoryPath: decodeURIComponent(rawPath), rawPath, ...(rest === 'batch' ? {} : { oid: rest }) };
}

function parseBatch(body: Buffer): Batch {
  const { operation, objects = [] } = JSON.parse(body.toString('utf8')) as Partial<Batch>;
  return {
    operation: operation === 'upload' ? 'upload' : 'download',
    objects: objects.filter(({ oid }) => oidPattern.test(oid)).map(({ oid, size }) => ({ oid, size })),
  };
}

function send(
  response: ServerResponse,
  status: number,
  body: object,
  headers: Readonly<Record<string, string>> = {},
): void {
  response.writeHead(status, { ...headers, 'Content-Type': mediaType });
  response.end(JSON.stringify(body));
}
