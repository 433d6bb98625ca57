import { Injectable } from '@nestjs/common';
import { Audit } from '../audit/audit.js';
import { CapableConnections, requireEnabled } from './capable-connections.js';
import { RunTriggers } from './run-triggers.js';
import type { SyncRequestDto, TriggeredView } from './sync-request.dto.js';

/** Runs that people ask for. */
@Injectable()
export class ManualRuns {
  constructor(
    private readonly connections: CapableConnections,
    private readonly triggers: RunTriggers,
    private readonly audit: Audit,
  ) {}

  /** Throws a `Problem` 404 or, where the connection is paused, 409. */
  async trigger(connectionId: string, request: SyncRequestDto, actor: string): Promise<TriggeredView> {
    const connection = await this.connections.get(connectionId);
    requireEnabled(connection);
    const since = request.since === undefined ? undefined : new Date(request.since);
    const { mode, params } = request;
    const { id } = connection;
    const triggered = await this.triggers.trigger(id, { trigger: 'manual', mode, since, params });
    await this.audit.record(actor, 'connection.sync', { kind: 'connection', id }, { runId: triggered.runId, mode });
    return triggered;
  }
}
