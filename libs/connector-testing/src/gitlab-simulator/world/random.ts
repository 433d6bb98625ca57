import { createHash } from 'node:crypto';

/** Repeatable randomness: the same seed gives the same world, sha by sha. */
export class Random {
  private state: number;
  private serial = 0;

  constructor(private readonly seed: number | string) {
    this.state = createHash('sha1').update(String(seed)).digest().readUInt32LE(0);
  }

  /** In [0, 1). */
  next(): number {
    this.state = (this.state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(this.state ^ (this.state >>> 15), 1 | this.state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  }

  /** A whole number from `low` to `high`, both inclusive. */
  between(low: number, high: number): number {
    return low + Math.floor(this.next() * (high - low + 1));
  }

  chance(probability: number): boolean {
    return this.next() < probability;
  }

  pick<T>(choices: readonly T[]): T {
    const choice = choices[Math.floor(this.next() * choices.length)];
    if (choice === undefined) throw new Error('nothing to pick from');
    return choice;
  }

  /** Some of the choices, each once, in random order. */
  sample<T>(choices: readonly T[], count: number): T[] {
    return this.shuffle(choices).slice(0, count);
  }

  shuffle<T>(items: readonly T[]): T[] {
    return items
      .map((item) => ({ item, order: this.next() }))
      .sort((left, right) => left.order - right.order)
      .map((entry) => entry.item);
  }

  /** 40 hex digits that no other call returns. */
  sha(): string {
    return this.hash('sha1');
  }

  /** 64 hex digits that no other call returns. */
  sha256(): string {
    return this.hash('sha256');
  }

  private hash(algorithm: 'sha1' | 'sha256'): string {
    this.serial += 1;
    return createHash(algorithm).update(`${this.seed}/${this.serial}`).digest('hex');
  }
}
