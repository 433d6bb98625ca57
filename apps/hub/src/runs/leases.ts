import { ConnectorError } from '@syncline/connector-sdk';
import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { askPrepared, type Prepared } from '../database/prepared.js';

/** How long a holder may be silent. Longer than a remote request's 20 s, shorter than the promised 60 s takeover. */
export const LEASE_MS = 30_000;
export const LEASE_EXTEND_EVERY_MS = 5_000;

/**
 * A query with one row while the lease is held, which keeps it from being taken over until the transaction ends, but not from
 * being extended: commits that overlap without a gap, as in a first sync on a busy machine, would starve the extension until
 * the lease is lost. Of parameters, as `$1`.
 */
export function heldLease(connectionId: string, token: string, runId: string): string {
  return `select 1 from lease
    where connection_id = ${connectionId}::uuid and token = ${token}::bigint and run_id = ${runId}::uuid
      and until > clock_timestamp()
    for key share`;
}

const FENCE: Prepared = { name: 'fence', text: heldLease('$1', '$2', '$3') };

/** The right to run one connection. The token only grows: whoever holds an older one is late, and is told so. */
export interface Lease {
  readonly connectionId: string;
  readonly runId: string;
  readonly token: string;
}

export function leaseLost(): ConnectorError {
  return new ConnectorError('interrupted', 'This run lost its lease: another process has taken the connection over.');
}

/** Exclusivity per connection, on the database's clock. Correctness rests on this, not on the queue. */
@Injectable()
export class Leases {
  constructor(private readonly database: DataSource) {}

  /** Takes a free or expired lease, inside the transaction that claims the run. */
  async acquire(
    manager: EntityManager,
    connectionId: string,
    runId: string,
    worker: string,
  ): Promise<Lease | undefined> {
    const [known]: { taken: boolean }[] = await manager.query(
      `select run_id is not null and until >= clock_timestamp() as taken from lease where connection_id = $1`,
      [connectionId],
    );
    if (known?.taken === true) return undefined;
    // Waits for commits of the former holder that have passed their fence, which an update alone would not.
    await manager.query('select 1 from lease where connection_id = $1 for update', [connectionId]);
    const rows: { token: string }[] = await manager.query(
      `insert into lease (connection_id, run_id, worker, until)
       values ($1, $2, $3, clock_timestamp() + $4 * interval '1 millisecond')
       on conflict (connection_id) do update
         set run_id = excluded.run_id, worker = excluded.worker, until = excluded.until, token = lease.token + 1
         where lease.run_id is null or lease.until < clock_timestamp()
       returning token`,
      [connectionId, runId, worker, LEASE_MS],
    );
    return rows[0] && { connectionId, runId, token: rows[0].token };
  }

  /** Tells whether the lease is still held, and whether somebody asked the run to end. */
  async extend(lease: Lease): Promise<{ held: boolean; cancelRequested: boolean }> {
    const [rows]: [{ cancel_requested: boolean }[], number] = await this.database.query(
      `update lease set until = clock_timestamp() + $3 * interval '1 millisecond'
       from sync_run
       where lease.connection_id = $1 and lease.token = $2 and lease.run_id = sync_run.id and lease.until > clock_timestamp()
       returning sync_run.cancel_requested`,
      [lease.connectionId, lease.token, LEASE_MS],
    );
    return { held: rows.length > 0, cancelRequested: rows[0]?.cancel_requested ?? false };
  }

  /** Proves that the lease is held, and keeps it until the transaction ends. Throws `interrupted` when somebody else has it. */
  async fence(manager: EntityManager, lease: Lease): Promise<void> {
    const rows = await askPrepared(manager, FENCE, [lease.connectionId, lease.token, lease.runId]);
    if (rows.length === 0) throw leaseLost();
  }

  async release(manager: EntityManager, lease: Lease): Promise<void> {
    await manager.query(
      `update lease set run_id = null, worker = null, until = clock_timestamp() where connection_id = $1 and token = $2`,
      [lease.connectionId, lease.token],
    );
  }

  /** Nobody else can have opened an embedded folder, so what a killed process held is free at once. */
  async voidAll(): Promise<void> {
    await this.database.query(
      `update lease set until = clock_timestamp() - interval '1 second' where run_id is not null`,
    );
  }
}
