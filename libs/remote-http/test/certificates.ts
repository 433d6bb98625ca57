import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export interface Certificate {
  readonly key: string;
  readonly cert: string;
}

export interface Certificates {
  /** The authority that signed all but `selfSigned`. */
  readonly authority: string;
  readonly good: Certificate;
  readonly otherName: Certificate;
  readonly expired: Certificate;
  readonly selfSigned: Certificate;
}

/** Certificates for localhost, made with the openssl program; undefined where there is none. */
export function makeCertificates(): Certificates | undefined {
  if (spawnSync('openssl', ['version']).status !== 0) return undefined;
  const folder = mkdtempSync(join(tmpdir(), 'syncline-tls-'));
  const openssl = (...args: string[]): void => {
    const { status, stderr } = spawnSync('openssl', args, { cwd: folder, encoding: 'utf8' });
    if (status !== 0) throw new Error(`openssl ${args.join(' ')}: ${stderr}`);
  };
  const read = (name: string): string => readFileSync(join(folder, name), 'utf8');
  const key = (name: string): void =>
    openssl('ecparam', '-name', 'prime256v1', '-genkey', '-noout', '-out', `${name}.key`);
  const selfSign = (name: string, subject: string): void =>
    openssl('req', '-x509', '-new', '-key', `${name}.key`, '-subj', subject, '-days', '30', '-out', `${name}.pem`);
  const sign = (name: string, host: string, ...dates: string[]): Certificate => {
    key(name);
    writeFileSync(join(folder, `${name}.ext`), `subjectAltName=DNS:${host}\n`);
    openssl('req', '-new', '-key', `${name}.key`, '-subj', `/CN=${host}`, '-out', `${name}.csr`);
    const from = ['-req', '-in', `${name}.csr`, '-CA', 'authority.pem', '-CAkey', 'authority.key', '-CAcreateserial'];
    openssl('x509', ...from, ...dates, '-extfile', `${name}.ext`, '-out', `${name}.pem`);
    return { key: read(`${name}.key`), cert: read(`${name}.pem`) };
  };
  try {
    key('authority');
    selfSign('authority', '/CN=Test authority');
    key('alone');
    selfSign('alone', '/CN=localhost');
    return {
      authority: read('authority.pem'),
      good: sign('good', 'localhost', '-days', '30'),
      otherName: sign('other', 'elsewhere.example', '-days', '30'),
      expired: sign('expired', 'localhost', '-days', '-1'),
      selfSigned: { key: read('alone.key'), cert: read('alone.pem') },
    };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
