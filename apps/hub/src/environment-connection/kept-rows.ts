import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';

const SETTING = 'azure_environment';

/** What the environment has made here. A person may rename it: it is found again by its id. */
export interface Kept {
  readonly connection?: string;
  readonly gitLab?: string;
  readonly azure?: string;
  /** Whether the webhook secret came from the environment: only then does it go with its variable. */
  readonly webhookSecret?: boolean;
}

@Injectable()
export class KeptRows {
  constructor(private readonly database: DataSource) {}

  async read(): Promise<Kept> {
    const rows: { value: Kept }[] = await this.database.query('select value from hub_setting where key = $1', [
      SETTING,
    ]);
    return rows[0]?.value ?? {};
  }

  async write(kept: Kept): Promise<void> {
    await this.database.query(
      'insert into hub_setting values ($1, $2) on conflict (key) do update set value = excluded.value',
      [SETTING, JSON.stringify(kept)],
    );
  }
}
