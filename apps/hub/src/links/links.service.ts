import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { Audit } from '../audit/audit.js';
import { violatedConstraint } from '../http/database-errors.js';
import { type FieldError, Problem } from '../http/problem.js';
import { CapableConnections } from '../runs/capable-connections.js';
import { HandLinks, type HandLink } from './hand-links.js';
import type { NewLinkDto } from './link.dto.js';
import { LinkFollowUps } from './link-follow-ups.js';
import { LinkStore } from './link-store.js';
import { LinkedItems } from './linked-items.js';

/** What people do to links. Each change is one transaction with its history and its audit entry. */
@Injectable()
export class LinksService {
  constructor(
    private readonly database: DataSource,
    private readonly store: LinkStore,
    private readonly items: LinkedItems,
    private readonly handLinks: HandLinks,
    private readonly connections: CapableConnections,
    private readonly audit: Audit,
    private readonly follow: LinkFollowUps,
  ) {}

  /** Links two items that exist. Returns the link's id. */
  async create(wanted: NewLinkDto, actor: string): Promise<string> {
    const connection = await this.connections.find(wanted.connectionId);
    if (connection === undefined) {
      throw Problem.invalid([{ path: '/connectionId', message: 'is no connection of this hub' }]);
    }
    const link = await this.items.find(wanted);
    const id = await this.database.transaction(async (manager) => {
      const id = await this.insert(manager, connection.id, link, `Linked by ${actor}.`);
      const data = { connectionId: connection.id, left: link.left.key, right: link.right.key };
      await this.audit.record(actor, 'link.create', { kind: 'link', id }, data, manager);
      await this.follow.after(manager, connection, link);
      return id;
    });
    await this.follow.wake(connection);
    return id;
  }

  /** Takes two items apart; they stay as they are. A severed link stays severed. False: there is no such link. */
  async sever(id: string, actor: string): Promise<boolean> {
    return this.database.transaction(async (manager) => {
      const [link]: { state: string }[] = await manager.query('select state from link where id = $1 for update', [id]);
      if (link === undefined) return false;
      if (link.state === 'severed') return true;
      await manager.query(`update link set state = 'severed' where id = $1`, [id]);
      await manager.query(
        `update conflict set state = 'closed', settled = true, resolution = null, updated_at = now()
         where link_id = $1 and not settled`,
        [id],
      );
      await manager.query(`insert into link_history (link_id, action, reason) values ($1, 'severed', $2)`, [
        id,
        `Severed by ${actor}.`,
      ]);
      await this.audit.record(actor, 'link.sever', { kind: 'link', id }, {}, manager);
      return true;
    });
  }

  private async insert(manager: EntityManager, connectionId: string, link: HandLink, reason: string): Promise<string> {
    const { kind, left, right } = link;
    await this.handLinks.settleDoubts(manager, connectionId, link);
    const linked = await this.alreadyLinked(manager, connectionId, link);
    if (linked.length > 0) throw conflict(linked);
    await this.handLinks.requireNoCopy(manager, link);
    const [id] = await this.store.insert(manager, connectionId, {
      links: [{ kind, left, right }],
      stateOf: () => 'active',
      reason,
    });
    // Since the look a moment ago.
    if (id === undefined) throw conflict(await this.alreadyLinked(manager, connectionId, link));
    try {
      await this.handLinks.noteOrigin(manager, id, link);
    } catch (error) {
      if (violatedConstraint(error) !== 'link_copy') throw error;
      throw Problem.conflict('Another connection has just made a copy of this item there.');
    }
    return id;
  }

  private async alreadyLinked(
    manager: EntityManager,
    connectionId: string,
    link: HandLink,
  ): Promise<readonly FieldError[]> {
    const { kind } = link;
    const errors: FieldError[] = [];
    for (const side of ['left', 'right'] as const) {
      const taken = await this.store.taken(manager, connectionId, [{ kind, [side]: link[side] }]);
      const state = taken.get(0)?.state;
      if (state === undefined || state === 'severed') continue;
      const message = state === 'intended' ? 'is just getting a copy; try again after the run' : 'is already linked';
      errors.push({ path: `/${side}`, message: `${kind} ${link[side].key} ${message}` });
    }
    return errors;
  }
}

const conflict = (errors: readonly FieldError[]): Problem =>
  Problem.conflict(`${errors[0]?.message ?? 'One of the items is already linked'}.`, errors);
