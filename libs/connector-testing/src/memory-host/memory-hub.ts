import type { MemoryPairStore } from './memory-pair-store.js';

/** Who somebody of one instance is on another. */
export interface MappedUser {
  readonly sourceInstanceId: string;
  readonly sourceUsername: string;
  readonly targetInstanceId: string;
  readonly targetUsername: string;
}

/** What a whole hub shares: which copies exist, which pairs of places are kept, and who is who. */
export class MemoryHub {
  readonly stores: MemoryPairStore[] = [];
  readonly mappings: MappedUser[] = [];

  /** `id`: identifies it in what it leaves at remotes. */
  constructor(readonly id = 'memory-hub') {}

  userMappings(from: string, to: string): ReadonlyMap<string, string> {
    const back = new Map<string, string[]>();
    const forth = new Map<string, string>();
    for (const known of this.mappings) {
      if (known.sourceInstanceId === from && known.targetInstanceId === to) {
        forth.set(known.sourceUsername.toLowerCase(), known.targetUsername);
      }
      if (known.sourceInstanceId === to && known.targetInstanceId === from) {
        const name = known.targetUsername.toLowerCase();
        back.set(name, [...(back.get(name) ?? []), known.sourceUsername]);
      }
    }
    for (const [name, [one, ...more]] of back) {
      if (one !== undefined && more.length === 0 && !forth.has(name)) forth.set(name, one);
    }
    return forth;
  }
}
