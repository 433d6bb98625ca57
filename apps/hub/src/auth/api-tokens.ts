import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';

/** The administrator's token; every hub has it. */
export const ADMIN = 'admin';

export interface KnownToken {
  readonly id: string;
  readonly name: string;
  /** Changes with the token's value: sessions that were opened with an older value end. */
  readonly mark: string;
}

export interface TokenView {
  readonly id: string;
  readonly name: string;
  readonly createdAt: Date;
  readonly lastUsedAt: Date | null;
}

interface TokenRow {
  id: string;
  name: string;
  hash: Uint8Array;
  stale: boolean;
}

export const makeToken = (): string => `syncline_${randomBytes(32).toString('base64url')}`;
const hashOf = (token: string): Buffer => createHash('sha256').update(token).digest();
const known = (row: TokenRow): KnownToken => ({
  id: row.id,
  name: row.name,
  mark: Buffer.from(row.hash).toString('hex').slice(0, 16),
});

/** The bearer tokens of the API. */
@Injectable()
export class ApiTokens {
  constructor(private readonly database: DataSource) {}

  /** The token behind what a client sent. */
  async verify(token: string): Promise<KnownToken | undefined> {
    const hash = hashOf(token);
    const rows: TokenRow[] = await this.database.query(`${selectToken} where hash = $1`, [hash]);
    const row = rows.find((candidate) => timingSafeEqual(hash, Buffer.from(candidate.hash)));
    return row && this.use(row);
  }

  /** The token a session was opened with; undefined once it was revoked or replaced. */
  async find(id: string, mark: string): Promise<KnownToken | undefined> {
    const rows: TokenRow[] = await this.database.query(`${selectToken} where id = $1`, [id]);
    const [row] = rows;
    return row && known(row).mark === mark ? this.use(row) : undefined;
  }

  /** Makes the administrator's token be this one. */
  async setAdmin(token: string): Promise<void> {
    await this.database.query(
      `insert into api_token (name, hash) values ($1, $2)
       on conflict (name) do update set hash = excluded.hash, created_at = now() where api_token.hash <> excluded.hash`,
      [ADMIN, hashOf(token)],
    );
  }

  /** False when a token of this name exists, whose value nobody can tell. */
  async add(name: string, token: string, manager: EntityManager = this.database.manager): Promise<boolean> {
    const rows: unknown[] = await manager.query(
      `insert into api_token (name, hash) values ($1, $2) on conflict (name) do nothing returning id`,
      [name, hashOf(token)],
    );
    return rows.length > 0;
  }

  async list(): Promise<readonly TokenView[]> {
    return this.database.query(
      `select id, name, created_at as "createdAt", last_used_at as "lastUsedAt" from api_token order by name`,
    );
  }

  async revoke(name: string, manager: EntityManager = this.database.manager): Promise<boolean> {
    const [, count]: [unknown, number] = await manager.query(`delete from api_token where name = $1`, [name]);
    return count > 0;
  }

  /** Remembers the use, at most once a minute. */
  private async use(row: TokenRow): Promise<KnownToken> {
    if (row.stale) await this.database.query(`update api_token set last_used_at = now() where id = $1`, [row.id]);
    return known(row);
  }
}

const selectToken = `select id, name, hash, coalesce(last_used_at < now() - interval '1 minute', true) as stale from api_token`;
