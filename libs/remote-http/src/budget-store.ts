/**
 * Where budgets share what the remote told one of them: until when an account is blocked. The hub keeps it in a table,
 * so that all processes obey one Retry-After.
 */
export interface BudgetStore {
  get(key: string): Promise<Date | undefined>;
  /** Keeps the later of the stored time and this one. */
  block(key: string, until: Date): Promise<void>;
}

/** Shares among the budgets of one process only. */
export class InMemoryBudgetStore implements BudgetStore {
  private readonly blocked = new Map<string, Date>();

  get(key: string): Promise<Date | undefined> {
    return Promise.resolve(this.blocked.get(key));
  }

  block(key: string, until: Date): Promise<void> {
    const known = this.blocked.get(key);
    if (known === undefined || known < until) this.blocked.set(key, until);
    return Promise.resolve();
  }
}
