import { IncomingMessage } from 'node:http';
import { Socket } from 'node:net';
import { ConnectorError, type HttpClient, type HttpMethod } from '@syncline/connector-sdk';
import { HttpClient as TypedHttpClient, HttpClientResponse } from 'typed-rest-client/HttpClient.js';
import type { IHeaders } from 'typed-rest-client/Interfaces.js';
import { azureError } from './azure-errors.js';

const methods: readonly HttpMethod[] = ['GET', 'HEAD', 'OPTIONS', 'POST', 'PUT', 'PATCH', 'DELETE'];

/**
 * The HTTP client under azure-devops-node-api, replaced by the session's: budget, waits, proxy, certificates, time-outs
 * and redaction are there, and the token goes nowhere but to the instance. Answers that are errors are thrown here, which
 * also ends the library's habit of returning null for what it could not read.
 */
export class SessionHttpClient extends TypedHttpClient {
  constructor(
    private readonly http: HttpClient,
    private readonly auth: Readonly<Record<string, string>>,
  ) {
    super('Syncline');
  }

  override async request(
    verb: string,
    requestUrl: string,
    data: string | NodeJS.ReadableStream,
    headers: IHeaders,
  ): Promise<HttpClientResponse> {
    const method = methods.find((one) => one === verb);
    if (method === undefined) throw new ConnectorError('permanent', `${verb} is no request for Azure DevOps`);
    const isReading = method === 'GET' || method === 'HEAD' || method === 'OPTIONS';
    const response = await this.http.request({
      method,
      path: requestUrl,
      headers: { ...textHeaders(headers), 'X-TFS-FedAuthRedirect': 'Suppress' },
      auth: this.auth,
      ...(typeof data === 'string' && data !== '' ? { body: Buffer.from(data) } : {}),
      repeatable: isReading,
      readsOnly: isReading,
    });
    const error = azureError(response, whatOf(method, requestUrl));
    if (error !== undefined) throw error;
    const message = new IncomingMessage(new Socket());
    message.statusCode = response.status;
    message.headers = { ...response.headers };
    return new ReadAnswer(message, response.body === undefined ? '' : JSON.stringify(response.body));
  }
}

class ReadAnswer extends HttpClientResponse {
  constructor(
    message: IncomingMessage,
    private readonly text: string,
  ) {
    super(message);
  }

  override readBody(): Promise<string> {
    return Promise.resolve(this.text);
  }
}

function textHeaders(headers: IHeaders | undefined): Record<string, string> {
  const texts: Record<string, string> = {};
  for (const [name, value] of Object.entries(headers ?? {})) if (typeof value === 'string') texts[name] = value;
  return texts;
}

/** `read git/repositories/shop`: the end of the address without its query, for the sentence. */
function whatOf(method: HttpMethod, url: string): string {
  const verb = method === 'GET' || method === 'OPTIONS' || method === 'HEAD' ? 'read' : 'change';
  const path = new URL(url).pathname.split('/_apis/')[1] ?? 'the interface';
  return `${verb} ${decodeURIComponent(path).slice(0, 120)}`;
}
