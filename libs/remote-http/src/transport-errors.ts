import { ConnectorError, type ErrorKind } from '@syncline/connector-sdk';
import { atStage, type ConnectionStage } from './connection-stage.js';
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
const UNREACHABLE: Diagnosis = { kind: 'transient', says: (host) => `${host} could not be reached.` };
const BROKEN: Diagnosis = {
  kind: 'transient',
  says: (host) => `The connection to ${host} broke before the answer was complete.`,
};
const NO_ROUTE: Diagnosis = { kind: 'transient', says: (host) => `There is no network route to ${host}.` };
const TIMED_OUT: Diagnosis = { kind: 'transient', says: (host) => `${host} did not answer in time.` };
const UNSENDABLE: Diagnosis = {
  kind: 'config',
  says: (host) => `A credential for ${host} has characters that cannot be sent.`,
  hint: 'Enter the token again; it may have been copied together with something else.',
};

/** Node and OpenSSL error codes, by what the owner of the connection can do about them. */
const BY_CODE: Readonly<Partial<Record<string, Diagnosis>>> = {
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
  ERR_INVALID_CHAR: UNSENDABLE,
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

/** Parser errors of Node and the long tail of OpenSSL's by their prefix. */
function diagnose(code: string): Diagnosis | undefined {
  if (code.startsWith('HPE_')) return NOT_HTTP;
  return BY_CODE[code] ?? (code.startsWith('ERR_SSL_') ? NOT_TLS : undefined);
}

export interface TransportFault {
  readonly error: unknown;
  /** Host and port that were asked. */
  readonly host: string;
  readonly proxyUrl?: string;
  readonly redact: Redactor;
}

/**
 * A failure to get any answer, in a sentence for the owner. The cause keeps code and message only: what else
 * an error carries may hold the request with its credentials.
 */
export function transportError({ error, host, proxyUrl, redact }: TransportFault): ConnectorError {
  const fault = toFault(error);
  const code = codeOf(fault);
  const cause = Object.assign(new Error(redact(messageOf(fault))), { code });
  const proxy = proxyUrl !== undefined && concernsProxy(fault, proxyUrl) ? new URL(proxyUrl) : undefined;
  const name = proxy === undefined ? host : `the proxy ${proxy.host}`;
  const diagnosis = diagnose(code) ?? UNREACHABLE;
  const hint = proxy === undefined ? diagnosis.hint : 'Check the proxy URL of the instance.';
  const told = new ConnectorError(diagnosis.kind, capital(diagnosis.says(name)), { hint, cause });
  return atStage(told, proxy === undefined ? stageOf(code, diagnosis) : 'proxy');
}

function stageOf(code: string, diagnosis: Diagnosis): ConnectionStage {
  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN') return 'dns';
  return diagnosis.kind === 'config' && diagnosis !== NOT_HTTP && diagnosis !== UNSENDABLE ? 'tls' : 'answer';
}

export function timeoutError(host: string, timeoutMs: number): ConnectorError {
  const seconds = Math.round(timeoutMs / 100) / 10;
  return atStage(new ConnectorError('transient', `${capital(host)} did not answer within ${seconds} s.`), 'answer');
}

/** The proxy answers 407 in the remote's place, for tunnels too. */
export function proxyAuthError(): ConnectorError {
  const error = new ConnectorError('config', 'The proxy asks for other credentials.', {
    hint: 'Put user name and password into the proxy URL of the instance.',
    status: 407,
  });
  return atStage(error, 'proxy');
}

interface Fault {
  readonly code: string;
  readonly message: string;
  readonly hostname?: unknown;
  readonly port?: unknown;
  /** The fault itself, then what it was caused by. */
  readonly inner: readonly Fault[];
}

/** By shape, not by class: Node's errors may come from another realm, and the tries of both address families in one error. */
function toFault(error: unknown, depth = 0): Fault {
  if (typeof error !== 'object' || error === null || depth > 4) return { code: '', message: String(error), inner: [] };
  const read = (name: string): unknown => Reflect.get(error, name);
  const [code, message, cause, errors] = [read('code'), read('message'), read('cause'), read('errors')];
  const tries: readonly unknown[] = Array.isArray(errors) ? errors : [];
  const causes = cause === undefined ? tries : [cause, ...tries];
  return {
    code: typeof code === 'string' ? code : '',
    message: typeof message === 'string' ? message : '',
    hostname: read('hostname'),
    port: read('port'),
    inner: causes.map((one) => toFault(one, depth + 1)),
  };
}

/** The code of Node or OpenSSL, which may be that of a cause. */
function codeOf(fault: Fault): string {
  if (fault.code in BY_CODE) return fault.code;
  const known = fault.inner.map(codeOf).find((code) => code !== '');
  return known ?? fault.code;
}

function messageOf(fault: Fault): string {
  return fault.message || fault.inner.map(messageOf).find((message) => message !== '') || fault.code;
}

function concernsProxy(fault: Fault, proxyUrl: string): boolean {
  const proxy = new URL(proxyUrl);
  const port = Number(proxy.port) || (proxy.protocol === 'https:' ? 443 : 80);
  if (fault.hostname === proxy.hostname || fault.port === port) return true;
  return fault.inner.some((inner) => concernsProxy(inner, proxyUrl));
}

function capital(text: string): string {
  return text.startsWith('the ') ? `T${text.slice(1)}` : text;
}
