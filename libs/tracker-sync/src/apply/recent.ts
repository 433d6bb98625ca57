/** As many entries as there is room for: what was not asked for the longest time is forgotten first. */
export class Recent<V> {
  private readonly entries = new Map<string, { readonly value: V }>();

  constructor(private readonly room: number) {}

  /** Is it known? Being asked for keeps it from being forgotten. */
  keep(key: string): boolean {
    const entry = this.entries.get(key);
    if (entry === undefined) return false;
    this.entries.delete(key);
    this.entries.set(key, entry);
    return true;
  }

  has(key: string): boolean {
    return this.entries.has(key);
  }

  get(key: string): V | undefined {
    return this.entries.get(key)?.value;
  }

  set(key: string, value: V): void {
    this.entries.delete(key);
    this.entries.set(key, { value });
    if (this.entries.size <= this.room) return;
    for (const oldest of this.entries.keys()) {
      this.entries.delete(oldest);
      return;
    }
  }
}
