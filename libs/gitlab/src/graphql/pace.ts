const dayMs = 24 * 3_600_000;

/**
 * How much is asked for at once. Halved when an answer was too much for the server and kept so for a day; then it is
 * doubled, and again a day later, up to the usual size.
 */
export class Pace {
  private size: number;
  private changedAt = new Date(0);

  constructor(
    private readonly most: number,
    private readonly least: number,
  ) {
    this.size = most;
  }

  now(now: Date): number {
    if (this.size < this.most && now.getTime() - this.changedAt.getTime() >= dayMs) {
      this.size = Math.min(this.most, this.size * 2);
      this.changedAt = now;
    }
    return this.size;
  }

  /** @returns whether there is a smaller size than the one that failed. */
  slowDown(failed: number, now: Date): boolean {
    if (failed <= this.least) return false;
    // Several requests of one size fail together; they are one reason to halve, not several.
    this.size = Math.min(this.size, Math.max(this.least, Math.floor(failed / 2)));
    this.changedAt = now;
    return true;
  }
}
