import { randomBytes } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { maskSecret } from './masked.js';
import { SecretBox, SecretUnreadable } from './secret-box.js';
import { keyFingerprint, parseSecretKey } from './secret-key.js';

describe('a sealed secret', () => {
  const key = randomBytes(32);
  const box = new SecretBox([key]);

  it('opens in its place only, and never looks the same twice', () => {
    const sealed = box.seal('glpat-secret', 'instance/1/credentials/token');
    expect(box.open(sealed, 'instance/1/credentials/token')).toBe('glpat-secret');
    expect(sealed.k).toBe(keyFingerprint(key));
    expect(box.seal('glpat-secret', 'instance/1/credentials/token')).not.toEqual(sealed);
    expect(() => box.open(sealed, 'instance/2/credentials/token')).toThrow(SecretUnreadable);
  });

  it('does not open when a bit of it was changed', () => {
    const sealed = box.seal('secret', 'x');
    const flip = (text: string) => {
      const bytes = Buffer.from(text, 'base64');
      bytes[0] = (bytes[0] ?? 0) ^ 1;
      return bytes.toString('base64');
    };
    for (const part of ['n', 'c', 't'] as const) {
      expect(() => box.open({ ...sealed, [part]: flip(sealed[part]) }, 'x')).toThrow(SecretUnreadable);
    }
    // A shortened tag would make forging cheap.
    const short = Buffer.from(sealed.t, 'base64').subarray(0, 4).toString('base64');
    expect(() => box.open({ ...sealed, t: short }, 'x')).toThrow(SecretUnreadable);
  });

  it('opens with an older key of the ring, and says which key is missing', () => {
    const old = box.seal('secret', 'x');
    const ring = new SecretBox([randomBytes(32), key]);
    expect(ring.open(old, 'x')).toBe('secret');
    expect(ring.seal('new', 'x').k).not.toBe(old.k);
    ring.promote(old.k);
    expect(ring.seal('new', 'x').k).toBe(old.k);
    expect(() => new SecretBox([randomBytes(32)]).open(old, 'x')).toThrow(old.k);
  });

  it('takes keys as hex and base64, of 32 bytes only', () => {
    expect(parseSecretKey(key.toString('hex'))).toEqual(key);
    expect(parseSecretKey(key.toString('base64'))).toEqual(key);
    expect(parseSecretKey(key.toString('base64url'))).toEqual(key);
    expect(parseSecretKey('ab'.repeat(16))).toBeUndefined();
    expect(parseSecretKey(randomBytes(31).toString('base64'))).toBeUndefined();
  });

  it('hints at its end only when it is long', () => {
    expect(maskSecret('glpat-0123456789-f3a9')).toEqual({ set: true, hint: '...f3a9' });
    expect(maskSecret('hunter2')).toEqual({ set: true });
    expect(maskSecret(undefined)).toEqual({ set: false });
  });
});
