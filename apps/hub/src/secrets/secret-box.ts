import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto';
import { keyFingerprint } from './secret-key.js';

/** A value at rest: key id, nonce, ciphertext, tag; base64 but for the id. */
export interface Sealed {
  readonly k: string;
  readonly n: string;
  readonly c: string;
  readonly t: string;
}

export function isSealed(value: unknown): value is Sealed {
  if (typeof value !== 'object' || value === null) return false;
  const names = Object.keys(value);
  return names.length === 4 && ['k', 'n', 'c', 't'].every((name) => typeof Reflect.get(value, name) === 'string');
}

/** A stored secret that cannot be read: sealed with a key we do not have, or moved, or damaged. */
export class SecretUnreadable extends Error {
  override readonly name = 'SecretUnreadable';
}

const CIPHER = 'aes-256-gcm';

/**
 * AES-256-GCM. `place` names the row and field a value belongs to and is authenticated with it: a sealed value copied
 * elsewhere does not open. New values are sealed with the current key; older keys open only.
 */
export class SecretBox {
  private keys: readonly { readonly id: string; readonly key: Buffer }[];

  /** The current key first. */
  constructor(keys: readonly Buffer[]) {
    this.keys = keys.map((key) => ({ id: keyFingerprint(key), key }));
  }

  get currentKeyId(): string {
    return this.current.id;
  }

  get keyIds(): readonly string[] {
    return this.keys.map(({ id }) => id);
  }

  /** Makes another of its keys the current one. */
  promote(keyId: string): void {
    this.keys = [...this.keys].sort((a, b) => Number(b.id === keyId) - Number(a.id === keyId));
  }

  seal(text: string, place: string): Sealed {
    const nonce = randomBytes(12);
    const cipher = createCipheriv(CIPHER, this.current.key, nonce).setAAD(Buffer.from(place));
    const sealed = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()]);
    return {
      k: this.current.id,
      n: nonce.toString('base64'),
      c: sealed.toString('base64'),
      t: cipher.getAuthTag().toString('base64'),
    };
  }

  /** Throws `SecretUnreadable`. */
  open(sealed: Sealed, place: string): string {
    const key = this.keys.find(({ id }) => id === sealed.k)?.key;
    if (key === undefined) {
      throw new SecretUnreadable(
        `The secret at ${place} was sealed with the key ${sealed.k}, and this hub has ${this.keyIds.join(', ')}. If the key was rotated, restart this hub with the new one.`,
      );
    }
    try {
      const decipher = createDecipheriv(CIPHER, key, Buffer.from(sealed.n, 'base64'), { authTagLength: 16 });
      decipher.setAAD(Buffer.from(place)).setAuthTag(Buffer.from(sealed.t, 'base64'));
      return decipher.update(sealed.c, 'base64', 'utf8') + decipher.final('utf8');
    } catch (cause) {
      throw new SecretUnreadable(`The secret at ${place} is damaged or belongs elsewhere; enter it again.`, { cause });
    }
  }

  /** A key for another purpose that tells nothing about the secret key. */
  derive(purpose: string): Uint8Array {
    return new Uint8Array(hkdfSync('sha256', this.current.key, '', `syncline ${purpose}`, 32));
  }

  private get current(): { readonly id: string; readonly key: Buffer } {
    const [current] = this.keys;
    if (current === undefined) throw new Error('a secret box needs a key');
    return current;
  }
}
