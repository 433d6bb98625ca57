import { randomUUID } from 'node:crypto';
import type { Instance, InstanceKind } from '@syncline/connector-sdk';
import { Injectable } from '@nestjs/common';
import { type EntityManager, DataSource } from 'typeorm';
import { Audit } from '../audit/audit.js';
import { Catalog } from '../catalog/catalog.js';
import { Problem } from '../http/problem.js';
import { normaliseBaseUrl } from '../instances/base-url.js';
import { InstanceEntity } from '../instances/instance.entity.js';
import { mergeCredentials } from '../instances/instance-fields.js';
import { InstanceStore } from '../instances/instance-store.js';
import type { InstanceDraft } from './config-aliases.js';

/** Finds the instance that a config describes by address and token, or makes it. */
@Injectable()
export class InstanceDrafts {
  constructor(
    private readonly database: DataSource,
    private readonly store: InstanceStore,
    private readonly catalog: Catalog,
    private readonly audit: Audit,
  ) {}

  /** The instance as it would be, without storing anything. Throws 422. */
  async preview(draft: InstanceDraft): Promise<Instance> {
    const { kind, baseUrl } = this.parse(draft);
    const known = await this.find(draft, baseUrl, this.database.manager);
    if (known) return this.store.reveal(known);
    const credentials = this.credentials(draft, kind);
    return { id: randomUUID(), kind: draft.kind, name: new URL(baseUrl).host, baseUrl, credentials };
  }

  /** The id of the one that is there, or of a new one. Throws 422. */
  async findOrMake(draft: InstanceDraft, manager: EntityManager, actor: string): Promise<InstanceEntity> {
    const { kind, baseUrl } = this.parse(draft);
    const known = await this.find(draft, baseUrl, manager);
    if (known) return known;
    const id = randomUUID();
    const name = await this.freeName(new URL(baseUrl).host, manager);
    const credentials = this.store.sealCredentials(id, this.credentials(draft, kind));
    const row = await manager.save(
      manager.create(InstanceEntity, { id, name, kind: draft.kind, baseUrl, credentials, limits: {} }),
    );
    await this.audit.record(actor, 'instance.create', { kind: 'instance', id, name }, {}, manager);
    return row;
  }

  private parse(draft: InstanceDraft): { kind: InstanceKind; baseUrl: string } {
    const kind = this.catalog.instanceKinds().get(draft.kind);
    const text = draft.baseUrl ?? kind?.baseUrl.default;
    const parsed = text === undefined ? { problem: 'needs an address too' } : normaliseBaseUrl(text);
    if (kind === undefined || 'problem' in parsed) {
      throw Problem.invalid([
        { path: draft.pointer, message: 'problem' in parsed ? parsed.problem : 'has no known kind' },
      ]);
    }
    return { kind, baseUrl: parsed.baseUrl };
  }

  /** Without credentials in the draft, the only one of that address. */
  private async find(
    draft: InstanceDraft,
    baseUrl: string,
    manager: EntityManager,
  ): Promise<InstanceEntity | undefined> {
    const rows = await manager.find(InstanceEntity, { where: { kind: draft.kind, baseUrl }, order: { name: 'ASC' } });
    const wanted = Object.entries(draft.credentials);
    if (wanted.length === 0) return rows.length === 1 ? rows[0] : undefined;
    return rows.find((row) => {
      const has = new Map<string, string>(Object.entries(this.store.credentialsOf(row)));
      return wanted.every(([name, value]) => has.get(name) === value);
    });
  }

  private credentials(draft: InstanceDraft, kind: InstanceKind): Instance['credentials'] {
    try {
      return mergeCredentials({}, draft.credentials, kind);
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      throw Problem.invalid((error.errors ?? []).map(({ message }) => ({ path: draft.pointer, message })));
    }
  }

  private async freeName(wanted: string, manager: EntityManager): Promise<string> {
    const rows: { name: string }[] = await manager.query(`select name from instance where name like $1 || '%'`, [
      wanted,
    ]);
    const taken = new Set(rows.map(({ name }) => name));
    if (!taken.has(wanted)) return wanted;
    let number = 2;
    while (taken.has(`${wanted} (${number})`)) number++;
    return `${wanted} (${number})`;
  }
}
