import { randomUUID } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager, IsNull } from 'typeorm';
import { Audit } from '../audit/audit.js';
import type { UsableConnector } from '../catalog/catalog-entry.js';
import { Settings } from '../config/settings.js';
import { violatedConstraint } from '../http/database-errors.js';
import { Problem } from '../http/problem.js';
import { ConnectionConfigs } from './connection-configs.js';
import { type ConfigDraft, ConnectionDrafts } from './connection-drafts.js';
import type { ConnectionPatchDto, NewConnectionDto } from './connection.dto.js';
import { ConnectionEntity } from './connection.entity.js';
import { InstanceDrafts } from './instance-drafts.js';
import { PairGuard } from './pair-guard.js';
import { RunControl } from './run-control.js';
import { nextRunAt, parseSchedule, type Schedule } from './schedule.js';

/** Creating, changing and deleting connections. Each change is one transaction with its audit entry. */
@Injectable()
export class ConnectionsService {
  constructor(
    private readonly database: DataSource,
    private readonly settings: Settings,
    private readonly configs: ConnectionConfigs,
    private readonly drafts: ConnectionDrafts,
    private readonly instanceDrafts: InstanceDrafts,
    private readonly pairs: PairGuard,
    private readonly runs: RunControl,
    private readonly audit: Audit,
  ) {}

  /** Returns the new connection's id. */
  async create(dto: NewConnectionDto, actor: string): Promise<string> {
    const connector = this.drafts.connector(dto.connectorId);
    const given = dto.schedule === undefined ? undefined : scheduleFrom(dto.schedule);
    const draft = await this.drafts.make(connector, dto.config, undefined);
    const schedule = given === undefined ? (draft.schedule ?? this.defaultSchedule(connector)) : given;
    const enabled = dto.enabled ?? true;
    const id = randomUUID();
    await this.database.transaction(async (manager) => {
      const row = manager.create(ConnectionEntity, {
        id,
        name: dto.name,
        description: dto.description ?? null,
        connectorId: connector.id,
        enabled,
        schedule,
        config: await this.sealed(connector, id, draft, manager, actor),
        tags: tagsFrom(dto.tags ?? []),
        nextRunAt: enabled ? nextRunAt(schedule, new Date()) : null,
      });
      await this.save(manager, row);
      await this.pairs.take(manager, connector, id, draft.config);
      await this.audit.record(actor, 'connection.create', { kind: 'connection', id, name: row.name }, {}, manager);
      if (enabled && schedule !== null) await this.runs.startUp(id, manager);
    });
    await this.runs.wake(id);
    return id;
  }

  async update(id: string, dto: ConnectionPatchDto, actor: string): Promise<void> {
    const change = await this.database.transaction(async (manager) => {
      const row = await this.find(id, manager);
      const wasEnabled = row.enabled;
      if (dto.connectorId !== undefined && dto.connectorId !== row.connectorId) {
        throw Problem.invalid([{ path: '/connectorId', message: 'cannot be changed; make another connection' }]);
      }
      let schedule = dto.schedule === undefined ? undefined : scheduleFrom(dto.schedule);
      if (dto.config !== undefined) {
        const connector = this.drafts.connector(row.connectorId);
        const patch = this.configs.withoutMasked(connector, dto.config);
        const before = this.configs.open(connector, id, row.config, patch);
        const draft = await this.drafts.make(connector, patch, before, manager);
        row.config = await this.sealed(connector, id, draft, manager, actor);
        await this.pairs.take(manager, connector, id, draft.config);
        schedule ??= dto.schedule === undefined ? draft.schedule : schedule;
      }
      this.applyPlainFields(row, dto);
      const switched = row.enabled !== wasEnabled;
      if (schedule !== undefined) row.schedule = schedule;
      if (switched) row.switchedAt = new Date();
      if (switched || schedule !== undefined) row.nextRunAt = row.enabled ? nextRunAt(row.schedule, new Date()) : null;
      await this.save(manager, row);
      const subject = { kind: 'connection', id, name: row.name };
      await this.audit.record(actor, 'connection.update', subject, { fields: Object.keys(dto) }, manager);
      if (switched && row.enabled && row.schedule !== null) await this.runs.startUp(id, manager);
      return { switchedOff: switched && !row.enabled };
    });
    if (change.switchedOff) await this.runs.cancelAll(id);
    else if (dto.config !== undefined) await this.runs.resume(id);
    await this.runs.wake(id);
  }

  /** Events and links stay readable, unless `purge`. The remote systems are not touched. */
  async remove(id: string, purge: boolean, actor: string): Promise<void> {
    await this.database.transaction(async (manager) => {
      const row = await this.find(id, manager);
      const subject = { kind: 'connection', id, name: row.name };
      await this.audit.record(actor, 'connection.delete', subject, { purge }, manager);
      row.enabled = false;
      row.nextRunAt = null;
      row.config = {};
      row.deletedAt = new Date();
      // The name is free for another one.
      row.name = `${row.name} (deleted, ${id})`;
      await manager.save(row);
    });
    await this.runs.cancelAll(id);
    if (purge) await this.purge(id);
  }

  /** The lease first, as pages do: a page under way still needs the connection, and would wait for us as we for it. */
  private async purge(id: string): Promise<void> {
    await this.database.transaction(async (manager) => {
      await manager.query('select 1 from lease where connection_id = $1 for update', [id]);
      await manager.query('delete from connection where id = $1', [id]);
    });
  }

  private applyPlainFields(row: ConnectionEntity, dto: ConnectionPatchDto): void {
    if (dto.name !== undefined) row.name = dto.name;
    if (dto.description !== undefined) row.description = dto.description;
    // What is removed is as if it had never been given.
    if (dto.enabled !== undefined) row.enabled = dto.enabled ?? true;
    if (dto.tags !== undefined) row.tags = tagsFrom(dto.tags ?? []);
  }

  private async sealed(
    connector: UsableConnector,
    id: string,
    draft: ConfigDraft,
    manager: EntityManager,
    actor: string,
  ): Promise<ConnectionEntity['config']> {
    if (draft.instance === undefined) return this.configs.seal(connector, id, draft.config);
    const instance = await this.instanceDrafts.findOrMake(draft.instance, manager, actor);
    return this.configs.seal(connector, id, { ...draft.config, [draft.instance.property]: instance.id });
  }

  private defaultSchedule(connector: UsableConnector): Schedule {
    return { intervalMinutes: connector.metadata.defaultIntervalMinutes || this.settings.defaultIntervalMinutes };
  }

  private async save(manager: EntityManager, row: ConnectionEntity): Promise<void> {
    try {
      await manager.save(row);
    } catch (error) {
      if (violatedConstraint(error) !== 'connection_name_key') throw error;
      const errors = [{ path: '/name', message: 'is taken by another connection' }];
      throw Problem.conflict(`There is a connection named "${row.name}" already.`, errors);
    }
  }

  private async find(id: string, manager: EntityManager): Promise<ConnectionEntity> {
    const row = await manager.findOne(ConnectionEntity, {
      where: { id, deletedAt: IsNull() },
      lock: { mode: 'pessimistic_write' },
    });
    if (row === null) throw Problem.notFound(`connection ${id}`);
    return row;
  }
}

function scheduleFrom(value: unknown): Schedule | null {
  const parsed = parseSchedule(value);
  if ('schedule' in parsed) return parsed.schedule;
  throw Problem.invalid([{ path: `/schedule${parsed.problem.path}`, message: parsed.problem.message }]);
}

const tagsFrom = (tags: readonly string[]): string[] => [
  ...new Set(tags.map((tag) => tag.trim()).filter((tag) => tag)),
];
