import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { ItemRequests } from '../items/item-requests.js';
import type { CapableConnection } from '../runs/capable-connections.js';
import { RunTriggers } from '../runs/run-triggers.js';
import { WakeUps } from '../runs/wake-ups.js';
import type { HandLink } from './hand-links.js';

/** A link that people made is looked at by the next run, at once where the connection runs. */
@Injectable()
export class LinkFollowUps {
  constructor(
    private readonly requests: ItemRequests,
    private readonly triggers: RunTriggers,
    private readonly wakeUps: WakeUps,
  ) {}

  async after(manager: EntityManager, connection: CapableConnection, { kind, left }: HandLink): Promise<void> {
    if (kind !== 'issue' || !connection.can('items')) return;
    await this.requests.ask(manager, connection.id, { side: 'left', key: left.key });
    if (connection.enabled) {
      await this.triggers.trigger(connection.id, { trigger: 'manual', mode: 'wake' }, manager);
    }
  }

  wake({ id }: CapableConnection): Promise<void> {
    return this.wakeUps.send(id);
  }
}
