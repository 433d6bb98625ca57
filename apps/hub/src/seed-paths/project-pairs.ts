import { Injectable } from '@nestjs/common';
import { ConnectionQueries } from '../connections/connection-queries.js';
import { ConnectionsService } from '../connections/connections.service.js';
import { type Cursor, type Page } from '../http/paging.js';
import { Problem } from '../http/problem.js';
import { InstanceStore } from '../instances/instance-store.js';
import {
  configOf,
  inTheirWords,
  type NewProjectPairDto,
  type ProjectPairPatchDto,
  type ProjectPairView,
  toProjectPair,
} from './project-pair.js';

/** What a project pair of that tool is here. */
const CONNECTOR = 'gitlab-issues';
const INTERVAL_MINUTES = 10;

/** Project pairs are connections under another name. */
@Injectable()
export class ProjectPairs {
  constructor(
    private readonly connections: ConnectionsService,
    private readonly queries: ConnectionQueries,
    private readonly instances: InstanceStore,
  ) {}

  async list(limit: number, cursor: Cursor | undefined): Promise<Page<ProjectPairView>> {
    const filter = { connectorIds: [CONNECTOR], tags: [], enabled: undefined, q: undefined };
    const { items, nextCursor } = await this.queries.list(filter, limit, cursor);
    return { items: items.map(toProjectPair), nextCursor };
  }

  async get(id: string): Promise<ProjectPairView> {
    const connection = await this.queries.get(id);
    if (connection.connectorId !== CONNECTOR) throw Problem.notFound(`project pair ${id}`);
    return toProjectPair(connection);
  }

  create(pair: NewProjectPairDto, actor: string): Promise<ProjectPairView> {
    return inTheirWords(async () => {
      const id = await this.connections.create(
        {
          name: pair.name ?? (await this.nameOf(pair)),
          connectorId: CONNECTOR,
          enabled: pair.sync_enabled ?? true,
          schedule: { intervalMinutes: pair.sync_interval_minutes ?? INTERVAL_MINUTES },
          config: configOf(pair),
        },
        actor,
      );
      return this.get(id);
    });
  }

  update(id: string, patch: ProjectPairPatchDto, actor: string): Promise<ProjectPairView> {
    return inTheirWords(async () => {
      await this.get(id);
      const config = configOf(patch);
      const { name, sync_enabled: enabled, sync_interval_minutes: intervalMinutes } = patch;
      await this.connections.update(
        id,
        {
          ...(name === undefined ? {} : { name }),
          ...(enabled === undefined ? {} : { enabled }),
          ...(intervalMinutes === undefined ? {} : { schedule: { intervalMinutes } }),
          ...(Object.keys(config).length === 0 ? {} : { config }),
        },
        actor,
      );
      return this.get(id);
    });
  }

  async toggle(id: string, actor: string): Promise<ProjectPairView> {
    const { enabled } = await this.get(id);
    await this.connections.update(id, { enabled: !enabled }, actor);
    return this.get(id);
  }

  async remove(id: string, actor: string): Promise<void> {
    await this.get(id);
    await this.connections.remove(id, false, actor);
  }

  /** As that tool names them: `A:group/project <-> B:123`. */
  private async nameOf(pair: NewProjectPairDto): Promise<string> {
    const rows = await this.instances.findAll([pair.source_instance_id, pair.target_instance_id]);
    const side = (id: string, project: string): string => `${rows.get(id.toLowerCase())?.name ?? id}:${project}`;
    const [source, target] = [
      side(pair.source_instance_id, pair.source_project_id),
      side(pair.target_instance_id, pair.target_project_id),
    ];
    return `${source} <-> ${target}`.slice(0, 200);
  }
}
