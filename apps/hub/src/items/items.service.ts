import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { Audit } from '../audit/audit.js';
import { Problem } from '../http/problem.js';
import { type CapableConnection, requireEnabled } from '../runs/capable-connections.js';
import { RunTriggers } from '../runs/run-triggers.js';
import { WakeUps } from '../runs/wake-ups.js';
import { ItemRequests } from './item-requests.js';
import type { ItemRequestDto } from './item-view.js';
import { WaitingItems } from './waiting-items.js';

/** What people do to single items. */
@Injectable()
export class ItemsService {
  constructor(
    private readonly database: DataSource,
    private readonly requests: ItemRequests,
    private readonly waiting: WaitingItems,
    private readonly triggers: RunTriggers,
    private readonly wakeUps: WakeUps,
    private readonly audit: Audit,
  ) {}

  /**
   * Brings one item over now, or tries one again that is set aside; returns the run that does. A connector that cannot
   * do single items tries again what is set aside, in a whole run.
   */
  async bring(connection: CapableConnection, wanted: ItemRequestDto, actor: string): Promise<string> {
    requireEnabled(connection);
    const { key, side = 'left' } = wanted;
    const single = connection.can('items');
    const runId = await this.database.transaction(async (manager) => {
      const due = await this.waiting.makeDue(manager, connection.id, key);
      if (!single && due === 0) {
        throw Problem.conflict(
          `"${key}" is not set aside, and the connector of this connection cannot bring single items.`,
        );
      }
      if (single) await this.requests.ask(manager, connection.id, { side, key });
      const mode = single ? 'wake' : 'incremental';
      const run = await this.triggers.trigger(connection.id, { trigger: 'manual', mode }, manager);
      const subject = { kind: 'connection', id: connection.id, name: connection.name };
      await this.audit.record(actor, 'connection.item', subject, { key, side, runId: run.runId }, manager);
      return run.runId;
    });
    await this.wakeUps.send(connection.id);
    return runId;
  }
}
