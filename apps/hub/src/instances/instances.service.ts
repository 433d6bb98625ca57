import { randomUUID } from 'node:crypto';
import type { Credentials, Instance, InstanceKind } from '@syncline/connector-sdk';
import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { Audit } from '../audit/audit.js';
import { Catalog } from '../catalog/catalog.js';
import { violatedConstraint } from '../http/database-errors.js';
import { type Cursor, type Page, toPage } from '../http/paging.js';
import { Problem } from '../http/problem.js';
import { RunTriggers } from '../runs/run-triggers.js';
import { maskProxyUrl } from './base-url.js';
import { failedCheck } from './check-runner.js';
import type { InstancePatchDto, NewInstanceDto } from './instance.dto.js';
import { InstanceEntity } from './instance.entity.js';
import { mergeCredentials, mergeLimits, parseBaseUrl, parseCaCertificate, parseProxyUrl } from './instance-fields.js';
import { InstanceStore } from './instance-store.js';
import { InstanceTest } from './instance-test.js';
import type { CheckView, InstanceView } from './instance-view.js';

/** Creating, reading, changing and testing instances. */
@Injectable()
export class InstancesService {
  constructor(
    private readonly database: DataSource,
    private readonly store: InstanceStore,
    private readonly catalog: Catalog,
    private readonly audit: Audit,
    private readonly tester: InstanceTest,
    private readonly triggers: RunTriggers,
  ) {}

  async list(limit: number, cursor: Cursor | undefined, kind: string | undefined): Promise<Page<InstanceView>> {
    const rows = await this.database
      .getRepository(InstanceEntity)
      .createQueryBuilder('instance')
      .where(kind === undefined ? 'true' : 'instance.kind = :kind', { kind })
      .andWhere(cursor ? '(instance.name, instance.id) > (:name, :id)' : 'true', { name: cursor?.[0], id: cursor?.[1] })
      .orderBy('instance.name')
      .addOrderBy('instance.id')
      .take(limit + 1)
      .getMany();
    return toPage(
      rows,
      limit,
      (row) => [row.name, row.id],
      (row) => this.store.view(row),
    );
  }

  async get(id: string): Promise<InstanceView> {
    return this.store.view(await this.find(id));
  }

  async create(dto: NewInstanceDto, actor: string): Promise<InstanceView> {
    const kind = this.kindOf(dto.kind, '/kind');
    const id = randomUUID();
    const row = this.database.manager.create(InstanceEntity, {
      id,
      name: dto.name,
      kind: kind.kind,
      baseUrl: parseBaseUrl(dto.baseUrl, kind),
      description: dto.description ?? null,
      credentials: this.store.sealCredentials(id, mergeCredentials({}, dto.credentials, kind)),
      caCertificate: dto.caCertificate ? parseCaCertificate(dto.caCertificate) : null,
      proxyUrl: dto.proxyUrl ? this.store.sealProxyUrl(id, parseProxyUrl(dto.proxyUrl)) : null,
      limits: mergeLimits({}, dto.limits),
      expiresAt: dto.expiresAt ? new Date(dto.expiresAt) : null,
      account: null,
    });
    await this.database.transaction((manager) => this.save(manager, row, actor, 'instance.create'));
    return this.get(id);
  }

  async update(id: string, dto: InstancePatchDto, actor: string): Promise<InstanceView> {
    await this.database.transaction(async (manager) => {
      const row = await this.find(id, manager);
      // What is entered anew need not be readable: after a lost key this is how it is repaired.
      const before = this.store.credentialsOf(row, namesOfNew(dto.credentials, row));
      const kind = this.kindOf(row.kind, '/kind');
      if (dto.kind !== undefined && dto.kind !== row.kind) {
        throw Problem.invalid([{ path: '/kind', message: 'cannot be changed; make another instance' }]);
      }
      const after = mergeCredentials(before, dto.credentials, kind);
      this.apply(row, dto, kind, after);
      await this.save(manager, row, actor, 'instance.update', Object.keys(dto));
    });
    // What failed with the old values may work with the new ones.
    await this.triggers.resume((await this.store.usedBy(id)).map((user) => user.id));
    return this.get(id);
  }

  async remove(id: string, actor: string): Promise<void> {
    await this.database.transaction(async (manager) => {
      const row = await this.find(id, manager);
      const users = await this.store.usedBy(id, manager);
      if (users.length > 0) {
        const names = users
          .slice(0, 5)
          .map(({ name }) => `"${name}"`)
          .join(', ');
        throw Problem.conflict(
          `The instance "${row.name}" is used by ${users.length === 1 ? 'the connection' : `${users.length} connections:`} ${names}. Change or delete ${users.length === 1 ? 'it' : 'them'} first.`,
        );
      }
      await manager.delete(InstanceEntity, { id });
      await this.audit.record(actor, 'instance.delete', { kind: 'instance', id, name: row.name }, {}, manager);
    });
  }

  /** Asks the remote; keeps who we are there and when the credentials end. */
  async test(id: string): Promise<CheckView> {
    const row = await this.find(id);
    let instance: Instance;
    try {
      instance = this.store.reveal(row);
    } catch (error) {
      return failedCheck(error);
    }
    const result = await this.tester.run(instance);
    await this.store.remember(id, result);
    return result;
  }

  private apply(row: InstanceEntity, dto: InstancePatchDto, kind: InstanceKind, after: Credentials): void {
    const baseUrl = dto.baseUrl === undefined ? row.baseUrl : parseBaseUrl(dto.baseUrl, kind);
    const otherCredentials = !this.store.holds(row, after);
    if (dto.name !== undefined) row.name = dto.name;
    if (dto.description !== undefined) row.description = dto.description;
    if (otherCredentials) {
      row.credentials = this.store.sealCredentials(row.id, after);
      row.expiresAt = null;
    }
    // Another address or other credentials: another account, until a test has seen it.
    if (otherCredentials || baseUrl !== row.baseUrl) row.account = null;
    row.baseUrl = baseUrl;
    if (dto.caCertificate !== undefined)
      row.caCertificate = dto.caCertificate ? parseCaCertificate(dto.caCertificate) : null;
    if (dto.proxyUrl !== undefined) this.applyProxy(row, dto.proxyUrl);
    row.limits = mergeLimits(row.limits, dto.limits);
    if (dto.expiresAt !== undefined) row.expiresAt = dto.expiresAt ? new Date(dto.expiresAt) : null;
  }

  private applyProxy(row: InstanceEntity, sent: string | null): void {
    const known = this.store.proxyUrlOf(row);
    // The address as it reads, stars for the password: it was not changed.
    if (sent && known !== null && sent === maskProxyUrl(known)) return;
    row.proxyUrl = sent ? this.store.sealProxyUrl(row.id, parseProxyUrl(sent)) : null;
  }

  private async save(
    manager: EntityManager,
    row: InstanceEntity,
    actor: string,
    action: string,
    fields: readonly string[] = [],
  ): Promise<void> {
    try {
      await manager.save(row);
    } catch (error) {
      if (violatedConstraint(error) !== 'instance_name_key') throw error;
      const message = `is taken by another instance`;
      throw Problem.conflict(`There is an instance named "${row.name}" already.`, [{ path: '/name', message }]);
    }
    await this.audit.record(actor, action, { kind: 'instance', id: row.id, name: row.name }, { fields }, manager);
  }

  private async find(id: string, manager?: EntityManager): Promise<InstanceEntity> {
    const lock = manager ? { lock: { mode: 'pessimistic_write' as const } } : {};
    const row = await (manager ?? this.database.manager).findOne(InstanceEntity, { where: { id }, ...lock });
    if (row === null) throw Problem.notFound(`instance ${id}`);
    return row;
  }

  private kindOf(name: string, path: string): InstanceKind {
    const kinds = this.catalog.instanceKinds();
    const kind = kinds.get(name);
    if (kind) return kind;
    const message =
      kinds.size === 0 ? 'is not known; no connector works' : `must be one of ${[...kinds.keys()].join(', ')}`;
    throw Problem.invalid([{ path, message }]);
  }
}

const namesOfNew = (
  credentials: Readonly<Record<string, unknown>> | null = {},
  row: InstanceEntity,
): readonly string[] => {
  if (credentials === null) return Object.keys(row.credentials);
  return Object.entries(credentials).flatMap(([name, value]) =>
    typeof value === 'string' || value === null ? [name] : [],
  );
};
