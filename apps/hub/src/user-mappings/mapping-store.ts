import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { errorCode } from '../config/error-code.js';
import { violatedConstraint } from '../http/database-errors.js';
import { Problem } from '../http/problem.js';
import type { UserMappingRow, UserPair } from './user-mapping-row.js';

export interface MappingFilter {
  readonly sourceInstanceIds: readonly string[];
  readonly targetInstanceIds: readonly string[];
  /** Either side. */
  readonly instanceIds: readonly string[];
  /** Part of either username, any case. */
  readonly q: string | undefined;
}

/** Microseconds since 1970 and the id: a JavaScript date would cut the microseconds off and skip rows. */
export interface MappingPlace {
  readonly at: string;
  readonly id: string;
}

/** The table of who is who. */
@Injectable()
export class MappingStore {
  constructor(private readonly database: DataSource) {}

  /** Newest first. */
  list(
    filter: MappingFilter,
    after: MappingPlace | undefined,
    limit: number,
  ): Promise<readonly (UserMappingRow & { place_at: string })[]> {
    return this.database.query(
      `select *, (extract(epoch from created_at) * 1000000)::bigint::text as place_at from user_mapping
       where (cardinality($1::uuid[]) = 0 or source_instance_id = any($1::uuid[]))
         and (cardinality($2::uuid[]) = 0 or target_instance_id = any($2::uuid[]))
         and (cardinality($3::uuid[]) = 0 or source_instance_id = any($3::uuid[]) or target_instance_id = any($3::uuid[]))
         and ($4::text is null or position(lower($4::text) in lower(source_username || E'\\n' || target_username)) > 0)
         and ($5::bigint is null
           or (created_at, id) < (timestamptz 'epoch' + $5::bigint * interval '1 microsecond', $6::uuid))
       order by created_at desc, id desc limit $7`,
      [
        filter.sourceInstanceIds,
        filter.targetInstanceIds,
        filter.instanceIds,
        filter.q ?? null,
        after?.at ?? null,
        after?.id ?? null,
        limit,
      ],
    );
  }

  /** With the instances' names, in the order of a table that people read. */
  all(): Promise<readonly UserPair[]> {
    return this.database.query(
      `select source.name as "sourceInstanceId", m.source_username as "sourceUsername",
         target.name as "targetInstanceId", m.target_username as "targetUsername"
       from user_mapping m
         join instance source on source.id = m.source_instance_id
         join instance target on target.id = m.target_instance_id
       order by source.name, target.name, lower(m.source_username)`,
    );
  }

  async find(id: string, manager = this.database.manager): Promise<UserMappingRow | undefined> {
    const rows: UserMappingRow[] = await manager.query('select * from user_mapping where id = $1', [id]);
    return rows[0];
  }

  /** Throws a `Problem` 409 where the user is mapped to that instance already. */
  async insert(manager: EntityManager, pair: UserPair): Promise<UserMappingRow> {
    const rows: UserMappingRow[] = await unlessTaken(pair, () =>
      manager.query(
        `insert into user_mapping (source_instance_id, source_username, target_instance_id, target_username)
         values ($1, $2, $3, $4) returning *`,
        valuesOf(pair),
      ),
    );
    const [row] = rows;
    if (row === undefined) throw new Error('the database returned no mapping');
    return row;
  }

  /** Throws a `Problem` 409 likewise; undefined: there is no such mapping. */
  async update(manager: EntityManager, id: string, pair: UserPair): Promise<UserMappingRow | undefined> {
    const [rows]: [UserMappingRow[], number] = await unlessTaken(pair, () =>
      manager.query(
        `update user_mapping set source_instance_id = $1, source_username = $2, target_instance_id = $3,
           target_username = $4, updated_at = now()
         where id = $5 returning *`,
        [...valuesOf(pair), id],
      ),
    );
    return rows[0];
  }

  async remove(manager: EntityManager, id: string): Promise<UserMappingRow | undefined> {
    const [rows]: [UserMappingRow[], number] = await manager.query(
      'delete from user_mapping where id = $1 returning *',
      [id],
    );
    return rows[0];
  }

  /** Makes those that are missing and corrects those that name somebody else. No source may occur twice. */
  async merge(manager: EntityManager, pairs: readonly UserPair[]): Promise<{ created: number; updated: number }> {
    const rows: { created: number; updated: number }[] = await unlessTaken(undefined, () =>
      manager.query(
        `with written as (
         insert into user_mapping (source_instance_id, source_username, target_instance_id, target_username)
         select "sourceInstanceId", "sourceUsername", "targetInstanceId", "targetUsername"
         from jsonb_to_recordset($1::jsonb)
           as wanted ("sourceInstanceId" uuid, "sourceUsername" text, "targetInstanceId" uuid, "targetUsername" text)
         on conflict (source_instance_id, lower(source_username), target_instance_id) do update
           set source_username = excluded.source_username, target_username = excluded.target_username, updated_at = now()
           where user_mapping.target_username <> excluded.target_username
         returning xmax = 0 as created
       )
       select count(*) filter (where created)::int as created, count(*) filter (where not created)::int as updated
       from written`,
        [JSON.stringify(pairs)],
      ),
    );
    return rows[0] ?? { created: 0, updated: 0 };
  }

  /** All between two instances, in either direction. */
  between(one: string, other: string): Promise<readonly UserMappingRow[]> {
    return this.database.query(
      `select * from user_mapping where (source_instance_id = $1 and target_instance_id = $2)
         or (source_instance_id = $2 and target_instance_id = $1)`,
      [one, other],
    );
  }
}

const valuesOf = (pair: UserPair): readonly string[] => [
  pair.sourceInstanceId,
  pair.sourceUsername,
  pair.targetInstanceId,
  pair.targetUsername,
];

/** `pair`: the one that is written, where it is one. */
async function unlessTaken<T>(pair: UserPair | undefined, write: () => Promise<T>): Promise<T> {
  try {
    return await write();
  } catch (error) {
    // Between the check and the write.
    if (errorCode(error) === '23503') throw Problem.conflict('An instance of the mapping has just been deleted.');
    if (pair === undefined || violatedConstraint(error) !== 'user_mapping_source') throw error;
    throw Problem.conflict(`"${pair.sourceUsername}" is mapped to a user of that instance already.`, [
      { path: '/sourceUsername', message: 'is mapped to a user of that instance already' },
    ]);
  }
}
