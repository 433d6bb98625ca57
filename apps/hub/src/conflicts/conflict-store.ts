import type { ConflictChange, JsonValue, OpenConflict } from '@syncline/connector-sdk';
import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { exactly } from '../database/exactly.js';
import { storableJson } from '../events/storable-text.js';
import { linkWithId } from '../links/link-statements.js';
import type { Resolution } from './conflict-row.js';

interface UnsettledRow {
  readonly link_id: string;
  readonly field: string;
  readonly base: JsonValue;
  readonly left_value: JsonValue;
  readonly right_value: JsonValue;
  readonly state: 'open' | 'resolved';
  readonly resolution: Resolution | null;
}

const RECORD = `(link_id uuid, field text, base jsonb, left_value jsonb, right_value jsonb, state text)`;

/** JSON's null arrives as SQL's. Adds or renews. A decision that was made with these very values before somebody's eyes stays in force. */
const OPEN = `
insert into conflict (connection_id, link_id, field, base, left_value, right_value)
select distinct on (c.link_id, c.field) $1::uuid, c.link_id, c.field,
  coalesce(c.base, 'null'), coalesce(c.left_value, 'null'), coalesce(c.right_value, 'null')
from jsonb_to_recordset($2::jsonb) as c ${RECORD}
join link on ${linkWithId('c.link_id')}
where c.state = 'open'
on conflict (link_id, field) where not settled do update set
  base = excluded.base, left_value = excluded.left_value, right_value = excluded.right_value, updated_at = now(),
  state = 'open', resolution = null
where (conflict.base, conflict.left_value, conflict.right_value)
  is distinct from (excluded.base, excluded.left_value, excluded.right_value)
returning xmax = 0 as opened`;

const SETTLE = `
update conflict set state = c.state, settled = true, updated_at = now(),
  resolution = case when c.state = 'closed' then null
    else coalesce(conflict.resolution, '{"choice": "policy"}') || jsonb_build_object('appliedAt', now()) end
from jsonb_to_recordset($2::jsonb) as c ${RECORD}
where ${exactly({ 'conflict.link_id': 'c.link_id', 'conflict.field': 'c.field', 'conflict.connection_id': '$1::uuid' })}
  and not conflict.settled and c.state <> 'open'`;

/** Conflicts as runs read and write them. */
@Injectable()
export class ConflictStore {
  constructor(private readonly database: DataSource) {}

  /** Those that no run has settled, with what people decided. */
  async unsettled(connectionId: string, linkIds: readonly string[]): Promise<readonly OpenConflict[]> {
    if (linkIds.length === 0) return [];
    const rows: UnsettledRow[] = await this.database.query(
      `select link_id, field, base, left_value, right_value, state, resolution from conflict
       where connection_id is not distinct from $1::uuid and link_id = any($2::uuid[]) and not settled
       order by detected_at, id`,
      [connectionId, linkIds],
    );
    return rows.map((row) => ({
      linkId: row.link_id,
      field: row.field,
      base: row.base,
      left: row.left_value,
      right: row.right_value,
      ...decisionOf(row),
    }));
  }

  /** Returns how many were opened that were not there before. */
  async apply(manager: EntityManager, connectionId: string, changes: readonly ConflictChange[]): Promise<number> {
    if (changes.length === 0) return 0;
    // Of several changes of one field the last one counts.
    const last = new Map(changes.map((change) => [`${change.linkId} ${change.field}`, change]));
    const records = storableJson(
      [...last.values()].map(({ linkId, field, base, left, right, state }) => ({
        link_id: linkId,
        field,
        base,
        left_value: left,
        right_value: right,
        state,
      })),
    );
    await manager.query(SETTLE, [connectionId, records]);
    const rows: { opened: boolean }[] = await manager.query(OPEN, [connectionId, records]);
    return rows.filter(({ opened }) => opened).length;
  }
}

function decisionOf({ state, resolution }: UnsettledRow): Pick<OpenConflict, 'resolution'> {
  if (state !== 'resolved' || resolution === null) return {};
  const { choice, value } = resolution;
  if (choice !== 'left' && choice !== 'right' && choice !== 'value') return {};
  return { resolution: { choice, ...(value === undefined ? {} : { value }) } };
}
