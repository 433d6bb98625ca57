import { ConnectorError, type Places } from '@syncline/connector-sdk';
import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';

/** Which connection keeps which two places in step. Each pair once, whatever its direction. */
@Injectable()
export class KeptPairs {
  /**
   * Notes that the connection keeps these places. Returns who does already, if somebody else; a connection that was
   * deleted keeps nothing.
   */
  async take(
    manager: EntityManager,
    connectionId: string,
    places: Places,
  ): Promise<{ id: string; name: string } | undefined> {
    const taken: unknown[] = await manager.query(
      `insert into kept_pair (low, high, connection_id) values ($1, $2, $3)
       on conflict (low, high) do update set connection_id = excluded.connection_id
         where kept_pair.connection_id = excluded.connection_id
           or exists (select from connection c where c.id = kept_pair.connection_id and c.deleted_at is not null)
       returning 1`,
      [...ordered(places), connectionId],
    );
    return taken.length > 0 ? undefined : this.keeper(manager, connectionId, places);
  }

  /** Another connection that keeps these places. */
  async keeper(
    manager: EntityManager,
    connectionId: string,
    places: Places,
  ): Promise<{ id: string; name: string } | undefined> {
    const rows: { id: string; name: string }[] = await manager.query(
      `select c.id, c.name from kept_pair k join connection c on c.id = k.connection_id
       where k.low = $1 and k.high = $2 and c.id <> $3 and c.deleted_at is null`,
      [...ordered(places), connectionId],
    );
    return rows[0];
  }

  /** Before a connection's config changes. */
  async leave(manager: EntityManager, connectionId: string): Promise<void> {
    await manager.query('delete from kept_pair where connection_id = $1', [connectionId]);
  }
}

export function requireTwo(places: Places): void {
  if (places.left !== places.right) return;
  throw new ConnectorError('config', 'Both sides are the same project.', {
    hint: 'Choose another project on one side.',
    path: '/config',
  });
}

export function keptAlready(keeper: { readonly name: string }): ConnectorError {
  return new ConnectorError('config', `The connection "${keeper.name}" keeps these two projects in step already.`, {
    hint: 'Change or delete one of the two: two of them would copy every issue twice.',
    path: '/config',
  });
}

const ordered = ({ left, right }: Places): readonly [string, string] => (left < right ? [left, right] : [right, left]);
