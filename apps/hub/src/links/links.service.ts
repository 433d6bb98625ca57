import { Injectable } from '@nestjs/common';
import type { LinkRef, LinkSide } from '@syncline/connector-sdk';
import { DataSource, type EntityManager } from 'typeorm';
import { Audit } from '../audit/audit.js';
import { type FieldError, Problem } from '../http/problem.js';
import { LinkStore } from './link-store.js';
import type { NewLinkDto, NewLinkRefDto } from './link.dto.js';

/** What people do to links. Each change is one transaction with its history and its audit entry. */
@Injectable()
export class LinksService {
  constructor(
    private readonly database: DataSource,
    private readonly store: LinkStore,
    private readonly audit: Audit,
  ) {}

  /** Links two items that exist. Returns the link's id. */
  async create(wanted: NewLinkDto, actor: string): Promise<string> {
    const left = requireRef(wanted.left, 'left');
    const right = requireRef(wanted.right, 'right');
    return this.database.transaction(async (manager) => {
      await requireKnown(manager, wanted.connectionId, { left, right });
      const [id] = await this.store.insert(manager, wanted.connectionId, {
        links: [{ kind: wanted.kind, left, right }],
        stateOf: () => 'active',
        reason: `Linked by ${actor}.`,
      });
      if (id === undefined) throw await this.alreadyLinked(manager, wanted, { left, right });
      await this.audit.record(
        actor,
        'link.create',
        { kind: 'link', id },
        { connectionId: wanted.connectionId },
        manager,
      );
      return id;
    });
  }

  /** Takes two items apart; they stay as they are. A severed link stays severed. False: there is no such link. */
  async sever(id: string, actor: string): Promise<boolean> {
    return this.database.transaction(async (manager) => {
      const [link]: { state: string }[] = await manager.query('select state from link where id = $1 for update', [id]);
      if (link === undefined) return false;
      if (link.state === 'severed') return true;
      await manager.query(`update link set state = 'severed' where id = $1`, [id]);
      await manager.query(`insert into link_history (link_id, action, reason) values ($1, 'severed', $2)`, [
        id,
        `Severed by ${actor}.`,
      ]);
      await this.audit.record(actor, 'link.sever', { kind: 'link', id }, {}, manager);
      return true;
    });
  }

  private async alreadyLinked(
    manager: EntityManager,
    { connectionId, kind }: NewLinkDto,
    refs: Readonly<Record<LinkSide, LinkRef>>,
  ): Promise<Problem> {
    const errors: FieldError[] = [];
    for (const side of ['left', 'right'] as const) {
      const taken = await this.store.taken(manager, connectionId, [{ kind, [side]: refs[side] }]);
      if (taken.size > 0 && taken.get(0)?.state !== 'severed') {
        errors.push({ path: `/${side}`, message: `${kind} ${refs[side].key} is already linked` });
      }
    }
    return Problem.conflict(`${errors[0]?.message ?? 'One of the items is already linked'}.`, errors);
  }
}

function requireRef({ key, instanceId, projectId }: NewLinkRefDto, side: LinkSide): LinkRef {
  if (instanceId !== undefined && projectId !== undefined) return { instanceId, projectId, key };
  const missing = (['instanceId', 'projectId'] as const)
    .filter((field) => (field === 'instanceId' ? instanceId : projectId) === undefined)
    .map((field): FieldError => ({ path: `/${side}/${field}`, message: 'is required' }));
  throw Problem.invalid(missing);
}

async function requireKnown(
  manager: EntityManager,
  connectionId: string,
  refs: Readonly<Record<LinkSide, LinkRef>>,
): Promise<void> {
  const { left, right } = refs;
  const [known]: { connection: boolean; left: boolean; right: boolean }[] = await manager.query(
    `select exists (select from connection where id = $1) as connection,
       exists (select from instance where id = $2) as left, exists (select from instance where id = $3) as right`,
    [connectionId, left.instanceId, right.instanceId],
  );
  const errors: FieldError[] = [
    ...(known?.connection ? [] : [{ path: '/connectionId', message: 'is no connection of this hub' }]),
    ...(known?.left ? [] : [{ path: '/left/instanceId', message: 'is no instance of this hub' }]),
    ...(known?.right ? [] : [{ path: '/right/instanceId', message: 'is no instance of this hub' }]),
  ];
  if (errors.length > 0) throw Problem.invalid(errors);
}
