import { createHash } from 'node:crypto';

const KEY_BYTES = 32;

/** 64 hex digits or base64 (also URL-safe) of 32 bytes; undefined for anything else. */
export function parseSecretKey(text: string): Buffer | undefined {
  if (/^[0-9a-f]{64}$/i.test(text)) return Buffer.from(text, 'hex');
  if (!/^[A-Za-z0-9+/_-]{43}=?$/.test(text)) return undefined;
  const key = Buffer.from(text, 'base64');
  return key.length === KEY_BYTES ? key : undefined;
}

/** Tells keys apart without telling the key: 16 hex digits of a hash made for this purpose alone. */
export function keyFingerprint(key: Buffer): string {
  return createHash('sha256').update('syncline key fingerprint\0').update(key).digest('hex').slice(0, 16);
}
