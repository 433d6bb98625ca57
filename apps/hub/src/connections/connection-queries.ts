import { Injectable } from '@nestjs/common';
import { DataSource, IsNull } from 'typeorm';
import { Catalog } from '../catalog/catalog.js';
import { type Cursor, type Page, toPage } from '../http/paging.js';
import { Problem } from '../http/problem.js';
import { ConnectionConfigs } from './connection-configs.js';
import { type Activity, healthOf } from './connection-health.js';
import type { ConnectionView } from './connection-view.js';
import { ConnectionEntity } from './connection.entity.js';

export interface ConnectionFilter {
  readonly connectorIds: readonly string[];
  readonly tags: readonly string[];
  readonly enabled: boolean | undefined;
  /** Part of the name, any case. */
  readonly q: string | undefined;
}

const IDLE: Activity = { running: false, blockedUntil: undefined };

/** Reading connections as the API shows them. */
@Injectable()
export class ConnectionQueries {
  constructor(
    private readonly database: DataSource,
    private readonly catalog: Catalog,
    private readonly configs: ConnectionConfigs,
  ) {}

  async list(filter: ConnectionFilter, limit: number, cursor: Cursor | undefined): Promise<Page<ConnectionView>> {
    const query = this.database
      .getRepository(ConnectionEntity)
      .createQueryBuilder('connection')
      .where('connection.deleted_at is null')
      .orderBy('connection.name')
      .addOrderBy('connection.id')
      .take(limit + 1);
    if (filter.connectorIds.length > 0) query.andWhere('connection.connector_id in (:...connectorIds)', filter);
    if (filter.tags.length > 0) query.andWhere('connection.tags && array[:...tags]', filter);
    if (filter.enabled !== undefined) query.andWhere('connection.enabled = :enabled', filter);
    if (filter.q !== undefined) query.andWhere('strpos(lower(connection.name), lower(:q)) > 0', filter);
    if (cursor) query.andWhere('(connection.name, connection.id) > (:name, :id)', { name: cursor[0], id: cursor[1] });
    const rows = await query.getMany();
    const activities = await this.activities(rows);
    const now = new Date();
    return toPage(
      rows,
      limit,
      (row) => [row.name, row.id],
      (row) => this.view(row, activities.get(row.id) ?? IDLE, now),
    );
  }

  async get(id: string): Promise<ConnectionView> {
    const row = await this.database.manager.findOneBy(ConnectionEntity, { id, deletedAt: IsNull() });
    if (row === null) throw Problem.notFound(`connection ${id}`);
    return this.view(row, (await this.activities([row])).get(id) ?? IDLE, new Date());
  }

  /** By connection: whether it runs, and what the account of that run (or of the last one) waits for. */
  private async activities(connections: readonly ConnectionEntity[]): Promise<ReadonlyMap<string, Activity>> {
    const rows: { id: string; running: boolean; blocked_until: Date | null }[] = await this.database.query(
      `select run.connection_id as id, bool_or(run.status = 'running') as running,
         max(budget.blocked_until) as blocked_until
       from sync_run run
       left join budget on budget.key = any(run.budgets) and budget.blocked_until > clock_timestamp()
       where run.connection_id = any($1::uuid[]) and (run.status = 'running' or run.id = any($2::uuid[]))
       group by 1`,
      [connections.map(({ id }) => id), connections.flatMap(({ lastRunId }) => lastRunId ?? [])],
    );
    return new Map(rows.map((row) => [row.id, { running: row.running, blockedUntil: row.blocked_until ?? undefined }]));
  }

  private view(row: ConnectionEntity, activity: Activity, now: Date): ConnectionView {
    return {
      id: row.id,
      name: row.name,
      description: row.description,
      connectorId: row.connectorId,
      enabled: row.enabled,
      schedule: row.schedule,
      config: this.configs.mask(this.catalog.usable(row.connectorId), row.id, row.config),
      tags: row.tags,
      health: healthOf(row, activity, now),
      nextRunAt: row.nextRunAt,
      createdAt: row.createdAt,
      updatedAt: row.updatedAt,
    };
  }
}
