/**
 * Asks once for what many ask at the same time: what comes while nothing is under way goes along with whatever else the
 * turn of the event loop brings, and what comes while one question is under way makes up the next.
 */
export class Together<K, V> {
  private waiting: Question<K, V>[] = [];
  private isAsking = false;

  /** `ask`: of all keys; everybody gets the whole answer and picks what is theirs. */
  constructor(private readonly ask: (keys: readonly K[]) => Promise<V>) {}

  of(keys: readonly K[]): Promise<V> {
    return new Promise<V>((resolve, reject) => {
      this.waiting.push({ keys, resolve, reject });
      if (this.isAsking) return;
      this.isAsking = true;
      setImmediate(() => void this.run());
    });
  }

  private async run(): Promise<void> {
    while (this.waiting.length > 0) {
      const asked = this.waiting;
      this.waiting = [];
      try {
        const answer = await this.ask([...new Set(asked.flatMap(({ keys }) => keys))]);
        for (const { resolve } of asked) resolve(answer);
      } catch (error) {
        for (const { reject } of asked) reject(error);
      }
    }
    this.isAsking = false;
  }
}

interface Question<K, V> {
  readonly keys: readonly K[];
  readonly resolve: (answer: V) => void;
  readonly reject: (error: unknown) => void;
}
