import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { Injectable } from '@nestjs/common';
import { Settings } from '../config/settings.js';
import { readPrivateFile, writePrivateFile } from '../secrets/private-file.js';
import { ADMIN, ApiTokens, makeToken } from './api-tokens.js';

export const adminTokenFile = (dataDir: string): string => join(dataDir, 'admin-token');

/**
 * SYNCLINE_ADMIN_TOKEN where it is set. Otherwise one is made at the first start: the embedded hub keeps it in its data
 * folder (mode 0600); on a shared PostgreSQL only its hash is kept.
 */
@Injectable()
export class AdminToken {
  /** In the clear, where this process knows it. */
  value: string | undefined;
  /** Made by this very start: to be shown once. */
  isNew = false;

  constructor(
    private readonly settings: Settings,
    private readonly tokens: ApiTokens,
  ) {}

  async ensure(): Promise<void> {
    if (this.settings.adminToken !== undefined) this.value = this.settings.adminToken;
    else if (this.settings.embedded) this.value = this.readOrMake();
    if (this.value !== undefined) return this.tokens.setAdmin(this.value);
    const made = makeToken();
    if (await this.tokens.add(ADMIN, made)) {
      this.value = made;
      this.isNew = true;
    }
  }

  private readOrMake(): string {
    const file = adminTokenFile(this.settings.dataDir);
    const kept = existsSync(file) ? readPrivateFile(file) : undefined;
    if (kept !== undefined && kept !== '') return kept;
    const made = makeToken();
    writePrivateFile(file, made);
    this.isNew = true;
    return made;
  }
}
