import { DataSource, type EntityManager, type QueryRunner } from 'typeorm';

/**
 * A statement the server keeps under a name; the name belongs to this text for as long as the process lives. Without a
 * name it is planned anew each time.
 */
export interface Prepared {
  readonly name: string;
  readonly text: string;
}

/** The part of a client of the driver that TypeORM does not show: statements with names. */
interface Client {
  query(statement: Prepared & { values: readonly unknown[] }): Promise<{ readonly rows: readonly unknown[] }>;
}

/**
 * Asks what is asked for every page: the server parses and plans it once a session, which otherwise costs as much as a fifth
 * of storing a hundred events, and most of a small statement. Only for statements that have one good plan whatever their
 * parameters are, because after a few times the server keeps one. Answers rows as they come, without TypeORM's shaping.
 */
export async function askPrepared<T>(
  where: EntityManager | DataSource,
  statement: Prepared,
  values: readonly unknown[],
): Promise<readonly T[]> {
  const runner = where instanceof DataSource ? undefined : where.queryRunner;
  if (runner !== undefined) return ask(runner, statement, values);
  const database = where instanceof DataSource ? where : where.dataSource;
  const lent = database.createQueryRunner();
  try {
    return await ask(lent, statement, values);
  } finally {
    await lent.release();
  }
}

async function ask<T>(runner: QueryRunner, statement: Prepared, values: readonly unknown[]): Promise<readonly T[]> {
  const client = (await runner.connect()) as Client;
  const { rows } = await client.query({ ...statement, values });
  // What a statement answers is known to who wrote it, as with the queries of TypeORM.
  return rows as readonly T[];
}
