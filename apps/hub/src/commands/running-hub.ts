import { request as httpRequest } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { adminTokenFile } from '../auth/admin-token.js';
import type { Settings } from '../config/settings.js';
import { StartError } from '../config/start-error.js';
import type { LockContent } from '../database/folder-lock.js';
import { readPrivateFile } from '../secrets/private-file.js';

export interface RunningHubApi {
  /** The parsed answer. Throws a `StartError` with what the hub says. */
  call(method: string, path: string, body?: object): Promise<unknown>;
}

/** The API of the hub that holds the data folder, with the administrator's token from there. */
export function callHub(settings: Settings, holder: LockContent): RunningHubApi {
  const token = settings.adminToken ?? readPrivateFile(adminTokenFile(settings.dataDir));
  const { url } = holder;
  if (url === undefined || token === undefined) {
    throw new StartError(
      `The hub (process ${holder.pid}) uses the data folder ${settings.dataDir}, and ${url === undefined ? 'is still starting' : 'its admin token is not known here'}. Stop it first, or try again later.`,
    );
  }
  return {
    async call(method, path, body) {
      const { status, text } = await send(url, method, path, token, body);
      const answer = parse(text);
      if (status >= 400) throw new StartError(detailOf(answer) ?? `The hub at ${url} answered ${status}.`);
      return answer;
    },
  };
}

/** With a certificate of our own the name in it is not the loopback's; the connection stays on this machine. */
function send(
  url: string,
  method: string,
  path: string,
  token: string,
  body: object | undefined,
): Promise<{ status: number; text: string }> {
  const send = url.startsWith('https:') ? httpsRequest : httpRequest;
  return new Promise((resolve, reject) => {
    const request = send(
      new URL(path, url),
      {
        method,
        timeout: 10_000,
        rejectUnauthorized: false,
        headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      },
      (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('end', () => resolve({ status: response.statusCode ?? 0, text: Buffer.concat(chunks).toString() }));
        response.on('error', reject);
      },
    );
    request.on('timeout', () => request.destroy(new Error('no answer within 10 seconds')));
    request.on('error', (error) => reject(new StartError(`The hub at ${url} does not answer: ${error.message}.`)));
    request.end(body === undefined ? undefined : JSON.stringify(body));
  });
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function detailOf(answer: unknown): string | undefined {
  const detail: unknown = typeof answer === 'object' && answer !== null ? Reflect.get(answer, 'detail') : undefined;
  return typeof detail === 'string' ? detail : undefined;
}
