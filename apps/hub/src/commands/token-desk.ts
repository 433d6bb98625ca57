import { ADMIN, ApiTokens, makeToken } from '../auth/api-tokens.js';
import type { Settings } from '../config/settings.js';
import { StartError } from '../config/start-error.js';
import { openDatabase } from '../database/data-source.js';
import { FolderLock, folderHolder } from '../database/folder-lock.js';
import { Audit } from '../audit/audit.js';
import { keepFirstKey } from '../secrets/key-files.js';
import { callHub, type RunningHubApi } from './running-hub.js';

export interface ListedToken {
  readonly name: string;
  readonly createdAt: string;
  readonly lastUsedAt: string | null;
}

/** Where tokens are made and revoked, wherever the database is. */
export interface TokenDesk extends AsyncDisposable {
  create(name: string): Promise<string>;
  revoke(name: string): Promise<void>;
  list(): Promise<readonly ListedToken[]>;
}

/** Through the hub's API while it holds the embedded folder; otherwise directly in the database. */
export async function openTokenDesk(settings: Settings): Promise<TokenDesk> {
  const holder = settings.embedded ? folderHolder(settings.dataDir) : undefined;
  return holder === undefined ? openDatabaseDesk(settings) : openApiDesk(callHub(settings, holder));
}

function openApiDesk(hub: RunningHubApi): TokenDesk {
  return {
    async create(name) {
      const made = await hub.call('POST', '/api/tokens', { name });
      return textOf(made, 'token');
    },
    async revoke(name) {
      await hub.call('DELETE', `/api/tokens/${encodeURIComponent(name)}`);
    },
    async list() {
      const answer = await hub.call('GET', '/api/tokens');
      const items: unknown = typeof answer === 'object' && answer !== null ? Reflect.get(answer, 'items') : [];
      return (Array.isArray(items) ? items : []).map((item: unknown) => ({
        name: textOf(item, 'name'),
        createdAt: textOf(item, 'createdAt'),
        lastUsedAt: textOf(item, 'lastUsedAt') || null,
      }));
    },
    [Symbol.asyncDispose]: () => Promise.resolve(),
  };
}

async function openDatabaseDesk(settings: Settings): Promise<TokenDesk> {
  const lock = settings.embedded ? await FolderLock.acquire(settings.dataDir) : undefined;
  if (settings.embedded) keepFirstKey(settings);
  const database = await openDatabase(settings.database);
  const tokens = new ApiTokens(database);
  const audit = new Audit(database);
  return {
    async create(name) {
      const token = makeToken();
      if (!(await tokens.add(name, token))) throw new StartError(`There is a token named "${name}" already.`);
      await audit.record('command line', 'token.create', { kind: 'token', name });
      return token;
    },
    async revoke(name) {
      if (name === ADMIN) throw new StartError("The administrator's token is replaced by SYNCLINE_ADMIN_TOKEN only.");
      if (!(await tokens.revoke(name))) throw new StartError(`There is no token named "${name}".`);
      await audit.record('command line', 'token.revoke', { kind: 'token', name });
    },
    async list() {
      return (await tokens.list()).map(({ name, createdAt, lastUsedAt }) => ({
        name,
        createdAt: createdAt.toISOString(),
        lastUsedAt: lastUsedAt?.toISOString() ?? null,
      }));
    },
    async [Symbol.asyncDispose]() {
      await database.destroy();
      lock?.release();
    },
  };
}

function textOf(value: unknown, name: string): string {
  const field: unknown = typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined;
  return typeof field === 'string' ? field : '';
}
