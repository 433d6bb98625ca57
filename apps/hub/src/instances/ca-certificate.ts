import { X509Certificate } from 'node:crypto';

const block = /-----BEGIN CERTIFICATE-----[\s\S]+?-----END CERTIFICATE-----/g;

/** What is wrong with a PEM text of one or more certificates; undefined: nothing. */
export function caCertificateProblem(pem: string): string | undefined {
  if (pem.includes('PRIVATE KEY')) return 'holds a private key; only the certificate belongs here';
  const blocks = pem.match(block) ?? [];
  if (blocks.length === 0) return 'must be a certificate in PEM form (-----BEGIN CERTIFICATE-----)';
  const bad = blocks.findIndex((text) => !isCertificate(text));
  return bad < 0 ? undefined : `holds a certificate that cannot be read (number ${bad + 1})`;
}

function isCertificate(pem: string): boolean {
  try {
    new X509Certificate(pem);
    return true;
  } catch {
    return false;
  }
}
