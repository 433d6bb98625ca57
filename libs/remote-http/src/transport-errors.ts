import { ConnectorError, type ErrorKind } from '@syncline/connector-sdk';
import type { Redactor } from './redact.js';

interface Diagnosis {
  readonly kind: ErrorKind;
  readonly says: (host: string) => string;
  readonly hint?: string;
}

const UNTRUSTED: Diagnosis = {
  kind: 'config',
  says: (host) => `The certificate of ${host} is not signed by an authority that is trusted here.`,
  hint: 'Add the certificate of its authority (PEM) to the instance.',
};
const NOT_TLS: Diagnosis = {
  kind: 'config',
  says: (host) => `${host} does not speak TLS on this port.`,
  hint: 'Check the port, or begin the base URL with http:// if the server has no TLS.',
};
const NOT_HTTP: Diagnosis = {
  kind: 'config',
  says: (host) => `${host} answered with something that is not HTTP.`,
  hint: 'Check the port; a server that speaks TLS needs a base URL that begins with https://.',
};
const BROKEN: Diagnosis = {
  kind: 'transient',
  says: (host) => `The connection to ${host} broke before the answer was complete.`,
};
const NO_ROUTE: Diagnosis = { kind: 'transient', says: (host) => `There is no network route to ${host}.` };
const TIMED_OUT: Diagnosis = { kind: 'transient', says: (host) => `${host} did not answer in time.` };

/** Node and OpenSSL error codes, by what the owner of the connection can do about them. */
const BY_CODE: Readonly<Record<string, Diagnosis>> = {
  ENOTFOUND: {
    kind: 'config',
    says: (host) => `The host name ${host} is not known.`,
    hint: 'Check the spelling of the URL and that this machine can resolve the name.',
  },
  EAI_AGAIN: { kind: 'transient', says: (host) => `The host name ${host} could not be looked up at the moment.` },
  ECONNREFUSED: {
    kind: 'transient',
    says: (host) => `${host} refuses connections.`,
    hint: 'Check that the server runs and that the port is right.',
  },
  ECONNRESET: BROKEN,
  ECONNABORTED: BROKEN,
  EPIPE: BROKEN,
  ERR_STREAM_PREMATURE_CLOSE: BROKEN,
  Z_BUF_ERROR: BROKEN,
  Z_DATA_ERROR: BROKEN,
  ETIMEDOUT: TIMED_OUT,
  EHOSTUNREACH: NO_ROUTE,
  ENETUNREACH: NO_ROUTE,
  ENETDOWN: NO_ROUTE,
  DEPTH_ZERO_SELF_SIGNED_CERT: UNTRUSTED,
  SELF_SIGNED_CERT_IN_CHAIN: UNTRUSTED,
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: UNTRUSTED,
  UNABLE_TO_GET_ISSUER_CERT: UNTRUSTED,
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: UNTRUSTED,
  CERT_UNTRUSTED: UNTRUSTED,
  CERT_SIGNATURE_FAILURE: UNTRUSTED,
  CERT_HAS_EXPIRED: {
    kind: 'config',
    says: (host) => `The certificate of ${host} has expired.`,
    hint: 'Renew the certificate on the server.',
  },
  CERT_NOT_YET_VALID: {
    kind: 'config',
    says: (host) => `The certificate of ${host} is not valid yet.`,
    hint: 'Check the clocks of this machine and of the server.',
  },
  ERR_TLS_CERT_ALTNAME_INVALID: {
    kind: 'config',
    says: (host) => `The certificate that ${host} shows is for another name.`,
    hint: 'Use the name in the certificate as base URL, or fix the certificate.',
  },
  EPROTO: NOT_TLS,
  ERR_SSL_WRONG_VERSION_NUMBER: NOT_TLS,
  ERR_SSL_PACKET_LENGTH_TOO_LONG: NOT_TLS,
};

export interface TransportFault {
  readonly error: unknown;
  /** Host and port that were asked. */
  readonly host: string;
  readonly proxyUrl?: string;
  readonly redact: Redactor;
}

/**
 * A failure to get any answer, in a sentence for the owner. The cause keeps code and message only: an axios error
 * carries the request with its credentials.
 */
export function transportError({ error, host, proxyUrl, redact }: TransportFault): ConnectorError {
  const { code, message } = describe(error);
  const cause = Object.assign(new Error(redact(message)), { code });
  const viaProxy = proxyUrl !== undefined && concernsProxy(error, proxyUrl);
  const name = viaProxy && proxyUrl !== undefined ? `the proxy ${new URL(proxyUrl).host}` : host;
  const diagnosis =
    BY_CODE[code] ?? (code.startsWith('HPE_') ? NOT_HTTP : code.startsWith('ERR_SSL_') ? NOT_TLS : undefined);
  if (diagnosis === undefined) {
    return new ConnectorError('transient', `${capital(name)} could not be reached.`, { cause });
  }
  const hint = viaProxy ? 'Check the proxy URL of the instance.' : diagnosis.hint;
  return new ConnectorError(diagnosis.kind, capital(diagnosis.says(name)), { hint, cause });
}

export function timeoutError(host: string, timeoutMs: number): ConnectorError {
  return new ConnectorError(
    'transient',
    `${capital(host)} did not answer within ${Math.round(timeoutMs / 100) / 10} s.`,
  );
}

/** The proxy answers 407 in the remote's place, for tunnels too. */
export function proxyAuthError(): ConnectorError {
  return new ConnectorError('config', 'The proxy asks for other credentials.', {
    hint: 'Put user name and password into the proxy URL of the instance.',
    status: 407,
  });
}

function describe(error: unknown): { code: string; message: string } {
  if (!(error instanceof Error)) return { code: '', message: String(error) };
  const own = 'code' in error && typeof error.code === 'string' ? error.code : '';
  const inner = error.cause instanceof Error ? describe(error.cause) : undefined;
  // axios puts codes of its own over those of Node for some faults; Node's tell more.
  const code = inner !== undefined && inner.code !== '' && !(own in BY_CODE) ? inner.code : own;
  return { code, message: error.message || inner?.message || code };
}

function concernsProxy(error: unknown, proxyUrl: string): boolean {
  const proxy = new URL(proxyUrl);
  const port = Number(proxy.port) || (proxy.protocol === 'https:' ? 443 : 80);
  for (let at: unknown = error; at instanceof Error; at = at.cause) {
    if ('hostname' in at && at.hostname === proxy.hostname) return true;
    if ('port' in at && at.port === port) return true;
    const inner = at instanceof AggregateError ? at.errors : [];
    if (inner.some((one: unknown) => one instanceof Error && 'port' in one && one.port === port)) return true;
  }
  return false;
}

function capital(text: string): string {
  return text.startsWith('the ') ? `T${text.slice(1)}` : text;
}
