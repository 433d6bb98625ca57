import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';

/** What this hub calls itself in what it leaves at remotes: made with its database, the same for all its processes. */
@Injectable()
export class HubIdentity {
  private known: string | undefined;

  constructor(private readonly database: DataSource) {}

  async read(): Promise<string> {
    if (this.known !== undefined) return this.known;
    const rows: { value: string }[] = await this.database.query(`select value from hub_setting where key = 'hub_id'`);
    const [row] = rows;
    if (row === undefined) throw new Error('The database does not say which hub it belongs to.');
    this.known = row.value;
    return row.value;
  }
}
