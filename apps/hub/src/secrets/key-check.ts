import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { Settings } from '../config/settings.js';
import { StartError } from '../config/start-error.js';
import { settleKeyFiles } from './key-files.js';
import { SecretBox } from './secret-box.js';

export const KEY_SETTING = 'secret_key_fingerprint';

/** Compares our key with the one the database was made with, before anything is sealed with a wrong one. */
@Injectable()
export class KeyCheck {
  constructor(
    private readonly database: DataSource,
    private readonly settings: Settings,
    private readonly box: SecretBox,
  ) {}

  /** Throws a `StartError` when the database was made with a key we do not have. */
  async run(): Promise<void> {
    await this.database.query(`insert into hub_setting values ($1, $2) on conflict (key) do nothing`, [
      KEY_SETTING,
      JSON.stringify(this.box.currentKeyId),
    ]);
    const rows: { value: string }[] = await this.database.query(`select value from hub_setting where key = $1`, [
      KEY_SETTING,
    ]);
    const inForce = rows[0]?.value;
    if (inForce === undefined || !this.box.keyIds.includes(inForce)) {
      throw new StartError(
        `SYNCLINE_SECRET_KEY (fingerprint ${this.box.currentKeyId}) is not the key of this database (fingerprint ${String(inForce)}). Start with the key it was made with, or the one it was rotated to.`,
      );
    }
    const isCurrent = inForce === this.box.currentKeyId;
    this.box.promote(inForce);
    if (this.settings.embedded && !this.settings.secretKey) {
      settleKeyFiles(this.settings.dataDir, isCurrent ? 'current' : 'next');
    }
  }
}
