import { createHash } from 'node:crypto';

const keyLength = 8;

/**
 * Names of tags whose details were read, as short hashes in one text: a checkpoint of a repository with ten thousand tags
 * stays below 100 kB. Two names share a hash in one of some billion pairs; the rotation finds the second one then.
 */
export class KnownTags {
  private readonly keys: Set<string>;

  constructor(text: unknown) {
    this.keys = new Set(typeof text === 'string' ? (text.match(/.{8}/g) ?? []) : []);
  }

  has(name: string): boolean {
    return this.keys.has(keyOf(name));
  }

  add(name: string): void {
    this.keys.add(keyOf(name));
  }

  /** Forgets all others: a name that comes back is new. Tells whether any were forgotten. */
  keepOnly(names: readonly string[]): boolean {
    const listed = new Set(names.map(keyOf));
    let forgot = false;
    for (const key of this.keys) {
      if (listed.has(key)) continue;
      this.keys.delete(key);
      forgot = true;
    }
    return forgot;
  }

  /** How many names are known. */
  get size(): number {
    return this.keys.size;
  }

  /** In one order, whatever the order of reading. */
  toString(): string {
    return [...this.keys].sort().join('');
  }
}

function keyOf(name: string): string {
  return createHash('sha256').update(name).digest('base64url').slice(0, keyLength);
}
