import type { BudgetStore } from '@syncline/remote-http';
import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';

/** Shares what one process learned from a 429 with all others. A database that is away must not stop a request. */
@Injectable()
export class BudgetTable implements BudgetStore {
  constructor(private readonly database: DataSource) {}

  async get(key: string): Promise<Date | undefined> {
    const rows: { blocked_until: Date }[] = await this.database.query(
      'select blocked_until from budget where key = $1 and blocked_until > clock_timestamp()',
      [key],
    );
    return rows[0]?.blocked_until;
  }

  async block(key: string, until: Date): Promise<void> {
    await this.database.query(
      `insert into budget (key, blocked_until) values ($1, $2)
       on conflict (key) do update set blocked_until = greatest(budget.blocked_until, excluded.blocked_until)`,
      [key, until],
    );
  }
}
