import { generateKeyPairSync, randomBytes, sign, type KeyObject } from 'node:crypto';
import { bits, boolean, explicit, integer, objectId, octets, sequence, set, text, time, tlv } from './der.js';

/** A certificate authority nobody knows, and a server certificate for the loopback interface that it signed. */
export interface SelfSigned {
  /** PEM; give it to a client as its additional authority. */
  readonly ca: string;
  readonly cert: string;
  readonly key: string;
}

interface KeyPair {
  readonly publicKey: KeyObject;
  readonly privateKey: KeyObject;
}

const ecdsaWithSha256 = sequence(objectId('1.2.840.10045.4.3.2'));
const day = 86_400_000;

/** Valid from yesterday for a year, for `localhost`, `127.0.0.1` and `::1`. */
export function createSelfSigned(names: { readonly hosts?: readonly string[] } = {}): SelfSigned {
  const caKeys = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const serverKeys = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const caName = commonName('Simulated GitLab CA');
  const caExtensions = [
    extension('2.5.29.19', true, sequence(boolean(true))),
    extension('2.5.29.15', true, bits(Buffer.from([0x06]), 1)), // keyCertSign, cRLSign
  ];
  const hosts = ['localhost', ...(names.hosts ?? [])].map((host) => tlv(0x82, Buffer.from(host)));
  const addresses = [Buffer.from([127, 0, 0, 1]), Buffer.concat([Buffer.alloc(15), Buffer.from([1])])];
  const serverExtensions = [
    extension('2.5.29.19', true, sequence()),
    extension('2.5.29.15', true, bits(Buffer.from([0x80]), 7)), // digitalSignature
    extension('2.5.29.37', false, sequence(objectId('1.3.6.1.5.5.7.3.1'))), // serverAuth
    extension('2.5.29.17', false, sequence(...hosts, ...addresses.map((address) => tlv(0x87, address)))),
  ];
  const serverName = commonName('localhost');
  return {
    ca: pem(certificate(caName, caName, caKeys, caKeys.privateKey, caExtensions)),
    cert: pem(certificate(serverName, caName, serverKeys, caKeys.privateKey, serverExtensions)),
    key: serverKeys.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
  };
}

function certificate(
  subject: Buffer,
  issuer: Buffer,
  keys: KeyPair,
  signer: KeyObject,
  extensions: readonly Buffer[],
): Buffer {
  const now = Date.now();
  const serial = randomBytes(8);
  serial[0] = (serial[0] ?? 0) | 1;
  const body = sequence(
    explicit(0, integer(Buffer.from([2]))), // version 3
    integer(serial),
    ecdsaWithSha256,
    issuer,
    sequence(time(new Date(now - day)), time(new Date(now + 365 * day))),
    subject,
    keys.publicKey.export({ type: 'spki', format: 'der' }),
    explicit(3, sequence(...extensions)),
  );
  return sequence(body, ecdsaWithSha256, bits(sign('sha256', body, signer)));
}

function commonName(name: string): Buffer {
  return sequence(set(sequence(objectId('2.5.4.3'), text(name))));
}

function extension(id: string, critical: boolean, value: Buffer): Buffer {
  return sequence(objectId(id), ...(critical ? [boolean(true)] : []), octets(value));
}

function pem(der: Buffer): string {
  const lines = der.toString('base64').match(/.{1,64}/g) ?? [];
  return `-----BEGIN CERTIFICATE-----\n${lines.join('\n')}\n-----END CERTIFICATE-----\n`;
}
