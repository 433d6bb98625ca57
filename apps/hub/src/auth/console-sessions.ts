import { randomUUID } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';

/** How long a session lives after its last use. */
export const SESSION_LIFETIME_S = 12 * 3_600;

const inFuture = `now() + ${SESSION_LIFETIME_S} * interval '1 second'`;

/** The logins that are not over: a cookie that was copied is worth nothing after its session was ended. */
@Injectable()
export class ConsoleSessions {
  constructor(private readonly database: DataSource) {}

  /** Returns the new session's id. */
  async begin(tokenId: string): Promise<string> {
    const id = randomUUID();
    await this.database.query(`delete from console_session where expires_at < now()`);
    await this.database.query(`insert into console_session (id, token_id, expires_at) values ($1, $2, ${inFuture})`, [
      id,
      tokenId,
    ]);
    return id;
  }

  /** Whether the session lives and was opened with this token. */
  async isAlive(id: string, tokenId: string): Promise<boolean> {
    const rows: unknown[] = await this.database.query(
      `select 1 from console_session where id = $1 and token_id = $2 and expires_at > now()`,
      [id, tokenId],
    );
    return rows.length > 0;
  }

  /** False where it has ended meanwhile: then it stays so. */
  async extend(id: string): Promise<boolean> {
    const [, count]: [unknown, number] = await this.database.query(
      `update console_session set expires_at = ${inFuture} where id = $1 and expires_at > now()`,
      [id],
    );
    return count > 0;
  }

  async end(id: string): Promise<void> {
    await this.database.query(`delete from console_session where id = $1`, [id]);
  }
}
