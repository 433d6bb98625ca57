import type { RereadField } from '@syncline/connector-sdk';
import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { Audit } from '../audit/audit.js';
import { storableJson } from '../events/storable-text.js';
import { Problem } from '../http/problem.js';
import { ItemRequests } from '../items/item-requests.js';
import { SHOW_CONFLICTS } from '../links/pair-statements.js';
import { CapableConnections } from '../runs/capable-connections.js';
import { RunTriggers } from '../runs/run-triggers.js';
import { WakeUps } from '../runs/wake-ups.js';
import { ConflictQueries } from './conflict-queries.js';
import { ConflictRereads } from './conflict-rereads.js';
import type { Resolution } from './conflict-row.js';
import { checkFieldValue } from './conflict-values.js';
import type { ConflictWithLink, ResolveDto } from './conflict-view.js';

/** What people decide about conflicts. The next run writes it; the connection is woken for it. */
@Injectable()
export class ConflictsService {
  constructor(
    private readonly database: DataSource,
    private readonly queries: ConflictQueries,
    private readonly rereads: ConflictRereads,
    private readonly connections: CapableConnections,
    private readonly requests: ItemRequests,
    private readonly triggers: RunTriggers,
    private readonly wakeUps: WakeUps,
    private readonly audit: Audit,
  ) {}

  async get(id: string): Promise<ConflictWithLink> {
    const row = await this.queries.find(id);
    if (row === undefined) throw Problem.notFound(`conflict ${id}`);
    return row;
  }

  async resolve(id: string, decision: ResolveDto, actor: string): Promise<ConflictWithLink> {
    const seen = await this.get(id);
    requireOpen(seen);
    const value = valueOf(decision, seen.field);
    const now = decision.choice === 'fixed' ? await this.rereads.read(seen) : undefined;
    await this.database.transaction(async (manager) => {
      const row = await this.queries.find(id, manager, true);
      if (row === undefined) throw Problem.notFound(`conflict ${id}`);
      requireOpen(row);
      requireSeen(row, decision);
      const resolution: Resolution = { choice: decision.choice, ...value, by: actor, at: new Date().toISOString() };
      if (now === undefined) await this.decide(manager, row, resolution);
      else await this.fix(manager, row, now, resolution);
      const subject = { kind: 'conflict', id, name: row.field };
      const data = { choice: decision.choice, linkId: row.link_id, connectionId: row.connection_id };
      await this.audit.record(actor, 'conflict.resolve', subject, data, manager);
      await this.followUp(manager, row);
    });
    await this.wakeUps.send(seen.connection_id);
    return this.get(id);
  }

  private async decide(manager: EntityManager, row: ConflictWithLink, resolution: Resolution): Promise<void> {
    await manager.query(`update conflict set state = 'resolved', resolution = $2, updated_at = now() where id = $1`, [
      row.id,
      storableJson(resolution),
    ]);
    const { choice, by = '' } = resolution;
    const what = choice === 'value' ? 'gave another value for both sides' : `chose the ${choice} side`;
    await this.tell(manager, row, `${by} ${what}; the next run writes it.`);
  }

  /** Sides that agree need no run to write anything: it takes what it finds as the new base. */
  private async fix(
    manager: EntityManager,
    row: ConflictWithLink,
    { left, right, agree }: RereadField,
    resolution: Resolution,
  ): Promise<void> {
    const by = resolution.by ?? '';
    await manager.query(
      `update conflict set left_value = $2, right_value = $3, updated_at = now(),
         state = case when $4 then 'resolved' else 'open' end, settled = $4, resolution = case when $4 then $5::jsonb end
       where id = $1`,
      [row.id, storableJson(left), storableJson(right), agree, storableJson(resolution)],
    );
    await manager.query(SHOW_CONFLICTS, [row.connection_id, [row.link_id]]);
    const found = agree ? 'both sides agree' : 'the sides still differ';
    await this.tell(manager, row, `${by} said that this is fixed; read again, ${found}.`);
  }

  private async tell(manager: EntityManager, row: ConflictWithLink, reason: string): Promise<void> {
    await manager.query(`insert into link_history (link_id, action, field, reason) values ($1, 'conflicted', $2, $3)`, [
      row.link_id,
      row.field,
      reason,
    ]);
  }

  /** The next run looks at the item, at once where the connection runs; one that is paused does when it runs again. */
  private async followUp(manager: EntityManager, row: ConflictWithLink): Promise<void> {
    const connection = await this.connections.find(row.connection_id, manager);
    if (connection === undefined) return;
    const single = connection.can('items') && row.left_key !== null;
    if (single) await this.requests.ask(manager, connection.id, { side: 'left', key: row.left_key });
    if (!connection.enabled) return;
    await this.triggers.trigger(connection.id, { trigger: 'manual', mode: single ? 'wake' : 'incremental' }, manager);
  }
}

function requireOpen({ state }: ConflictWithLink): void {
  if (state === 'resolved') throw Problem.conflict('Somebody has decided this conflict already.');
  if (state === 'closed')
    throw Problem.conflict('This conflict is over: the sides agree by themselves, or were severed.');
}

/** Whoever decides should have seen what there is to decide. */
function requireSeen(row: ConflictWithLink, { updatedAt }: ResolveDto): void {
  if (updatedAt === undefined || new Date(updatedAt).getTime() === row.updated_at.getTime()) return;
  throw Problem.conflict('The values have changed since you saw them. Look again.', [
    { path: '/updatedAt', message: `is not ${row.updated_at.toISOString()}` },
  ]);
}

function valueOf({ choice, value }: ResolveDto, field: string): Pick<Resolution, 'value'> {
  if (choice !== 'value') {
    if (value === undefined) return {};
    throw Problem.invalid([{ path: '/value', message: 'is taken with the choice "value" only' }]);
  }
  if (value === undefined) throw Problem.invalid([{ path: '/value', message: 'is required with the choice "value"' }]);
  const checked = checkFieldValue(field, value);
  if ('fault' in checked) throw Problem.invalid([{ path: '/value', message: checked.fault }]);
  return { value: checked.value };
}
