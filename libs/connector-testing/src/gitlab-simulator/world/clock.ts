/**
 * The world's time, in milliseconds with a fraction: GitLab stores microseconds and shows milliseconds. Two changes never
 * get the same time, unless they are made inside `at`, where time stands still.
 */
export class WorldClock {
  private last = 0;
  private frozen: number | undefined;

  constructor(private readonly now: () => Date) {}

  /** The present, without advancing anything. */
  read(): number {
    return this.frozen ?? this.now().getTime();
  }

  /** The time of a change that happens now. */
  stamp(): number {
    if (this.frozen !== undefined) return this.frozen;
    this.last = Math.max(this.now().getTime(), Math.round(this.last * 1000 + 1) / 1000);
    return this.last;
  }

  /** Everything `change` does happens at exactly this moment; that is how ties are made. */
  at<T>(moment: Date | number, change: () => T): T {
    const before = this.frozen;
    this.frozen = moment instanceof Date ? moment.getTime() : moment;
    try {
      return change();
    } finally {
      this.frozen = before;
    }
  }
}
