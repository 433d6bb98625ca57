interface Identified {
  readonly id: number;
}

/** A contiguous part of an index: rows from `from` (inclusive) to `to` (exclusive), ascending. */
export interface IndexRange<T> {
  readonly rows: readonly T[];
  readonly from: number;
  readonly to: number;
}

/**
 * Rows in ascending order of a time, ties by descending id, as GitLab breaks them. A null time sorts last, as PostgreSQL
 * does. Rows that arrive out of order are sorted in when somebody asks, so that seeding stays linear.
 */
export class OrderedIndex<T extends Identified> {
  private readonly rows: T[] = [];
  private sorted = true;

  constructor(private readonly timeOf: (row: T) => number | null) {}

  get size(): number {
    return this.rows.length;
  }

  add(row: T): void {
    const last = this.rows.at(-1);
    if (!this.sorted || last === undefined || this.compare(last, row) <= 0) {
      this.rows.push(row);
    } else {
      this.rows.push(row);
      this.sorted = false;
    }
  }

  remove(row: T): void {
    const at = this.position(row);
    if (at >= 0) this.rows.splice(at, 1);
  }

  /** Applies a change that may move the row's time, and puts the row where it then belongs. */
  move(row: T, change: () => void): void {
    if (!this.sorted) {
      change();
      return;
    }
    this.remove(row);
    change();
    const last = this.rows.at(-1);
    if (last === undefined || this.compare(last, row) <= 0) this.rows.push(row);
    else
      this.rows.splice(
        this.lowerBound((other) => this.compare(other, row) < 0),
        0,
        row,
      );
  }

  /** Rows whose time is within both bounds, inclusive. A bound leaves rows without a time out. */
  range(after?: number, before?: number): IndexRange<T> {
    this.sort();
    const from = after === undefined ? 0 : this.lowerBound((row) => this.key(row) < after);
    const bounded = after !== undefined || before !== undefined;
    const upper = before ?? Number.MAX_SAFE_INTEGER;
    const to = bounded ? this.lowerBound((row) => this.key(row) <= upper) : this.rows.length;
    return { rows: this.rows, from, to: Math.max(from, to) };
  }

  private key(row: T): number {
    return this.timeOf(row) ?? Number.POSITIVE_INFINITY;
  }

  private compare(left: T, right: T): number {
    const a = this.key(left);
    const b = this.key(right);
    return a === b ? right.id - left.id : a < b ? -1 : 1;
  }

  private position(row: T): number {
    if (!this.sorted) return this.rows.indexOf(row);
    const at = this.lowerBound((other) => this.compare(other, row) < 0);
    return this.rows[at] === row ? at : -1;
  }

  /** The first position whose row is not `below`. */
  private lowerBound(below: (row: T) => boolean): number {
    let low = 0;
    let high = this.rows.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      const row = this.rows[middle];
      if (row !== undefined && below(row)) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  private sort(): void {
    if (this.sorted) return;
    this.rows.sort((left, right) => this.compare(left, right));
    this.sorted = true;
  }
}
