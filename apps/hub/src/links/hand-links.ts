import type { FoundItem, JsonObject, LinkKind, LinkRef } from '@syncline/connector-sdk';
import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { Problem } from '../http/problem.js';
import { SEVER_LEFTOVERS } from './pair-statements.js';

/** Two items that people want to be linked. */
export interface HandLink {
  readonly kind: LinkKind;
  readonly left: LinkRef;
  readonly right: LinkRef;
  /** What the remotes say of them, where the connector can look items up. */
  readonly found?: { readonly left: FoundItem; readonly right: FoundItem };
}

interface Origin {
  readonly key: string;
  readonly data: JsonObject;
}

/** Links made by hand, seen with what other connections of the hub keep. */
@Injectable()
export class HandLinks {
  /** Throws a `Problem` 409 where the item of one side has a copy beside the item of the other. */
  async requireNoCopy(manager: EntityManager, { kind, found }: HandLink): Promise<void> {
    if (found === undefined) return;
    for (const [side, other] of [
      ['left', 'right'],
      ['right', 'left'],
    ] as const) {
      const { key } = await this.originOf(manager, kind, found[side]);
      const [copy]: { copy_key: string | null; name: string }[] = await manager.query(
        `select l.copy_key, c.name from link l join connection c on c.id = l.connection_id and c.deleted_at is null
         where l.place_key = $1 and l.origin_key = $2 and l.kind = $3 and l.state in ('intended', 'active', 'conflicted')
         limit 1`,
        [found[other].place, key, kind],
      );
      if (copy === undefined) continue;
      const which = copy.copy_key === null ? 'is just getting a copy there' : `has the copy ${copy.copy_key} there`;
      const message = `${which}, kept by the connection "${copy.name}"`;
      throw Problem.conflict(`${kind} ${found[side].ref.key} ${message}.`, [{ path: `/${side}`, message }]);
    }
  }

  /**
   * A copy whose marker is gone waits for people to say which item it is. They just did: the waiting link makes way. One
   * without such a doubt may be in the making, and stays.
   */
  async settleDoubts(manager: EntityManager, connectionId: string, { kind, left, right }: HandLink): Promise<void> {
    await manager.query(
      `delete from link where connection_id = $1 and kind = $2 and state = 'intended' and intent ? 'doubt'
         and ((left_project = $3 and left_key = $4) or (right_project = $5 and right_key = $6))`,
      [connectionId, kind, left.projectId, left.key, right.projectId, right.key],
    );
  }

  /** People say that both are one: the left side's origin is that of the link. Unique as every other copy. */
  async noteOrigin(manager: EntityManager, linkId: string, { kind, found }: HandLink): Promise<void> {
    if (found === undefined) return;
    const { key, data } = await this.originOf(manager, kind, found.left);
    await manager.query(SEVER_LEFTOVERS, [JSON.stringify([{ place_key: found.right.place, origin_key: key }])]);
    await manager.query(
      `update link set origin_key = $2, origin_side = 'left', place_key = $3, origin = $4 where id = $1`,
      [linkId, key, found.right.place, JSON.stringify(data)],
    );
  }

  /** Of a copy that any connection made the one it was made from, else the item itself. */
  private async originOf(manager: EntityManager, kind: LinkKind, { ref, place, origin }: FoundItem): Promise<Origin> {
    const [copy]: { key: string; data: JsonObject | null }[] = await manager.query(
      `select origin_key as key, origin as data from link
       where place_key = $1 and copy_key = $2 and kind = $3 and origin_key is not null
       order by (state <> 'severed') desc, created_at desc limit 1`,
      [place, ref.key, kind],
    );
    return copy === undefined ? origin : { key: copy.key, data: copy.data ?? {} };
  }
}
