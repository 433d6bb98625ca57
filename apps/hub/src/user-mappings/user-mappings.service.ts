import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { Audit } from '../audit/audit.js';
import { Problem } from '../http/problem.js';
import { MappingRules } from './mapping-rules.js';
import { MappingStore } from './mapping-store.js';
import type { NewUserMappingDto, UserMappingPatchDto } from './user-mapping.dto.js';
import type { UserMappingRow, UserPair } from './user-mapping-row.js';
import { toUserMappingView, type UserMappingView } from './user-mapping-view.js';

/** What people do to single mappings. Each change is one transaction with its audit entry. */
@Injectable()
export class UserMappingsService {
  constructor(
    private readonly database: DataSource,
    private readonly store: MappingStore,
    private readonly rules: MappingRules,
    private readonly audit: Audit,
  ) {}

  async get(id: string): Promise<UserMappingRow> {
    const row = await this.store.find(id);
    if (row === undefined) throw Problem.notFound(`user mapping ${id}`);
    return row;
  }

  async create(wanted: NewUserMappingDto, actor: string): Promise<UserMappingView> {
    const { pair, warnings } = await this.rules.check(wanted);
    return this.database.transaction(async (manager) => {
      const row = await this.store.insert(manager, pair);
      await this.audit.record(actor, 'user_mapping.create', subjectOf(row), { ...pair }, manager);
      return toUserMappingView(row, warnings);
    });
  }

  async update(id: string, patch: UserMappingPatchDto, actor: string): Promise<UserMappingView> {
    const before = pairOf(await this.get(id));
    const { pair, warnings } = await this.rules.check({ ...before, ...given(patch) });
    return this.database.transaction(async (manager) => {
      const row = await this.store.update(manager, id, pair);
      if (row === undefined) throw Problem.notFound(`user mapping ${id}`);
      await this.audit.record(
        actor,
        'user_mapping.update',
        subjectOf(row),
        { before: { ...before }, ...pair },
        manager,
      );
      return toUserMappingView(row, warnings);
    });
  }

  async remove(id: string, actor: string): Promise<void> {
    await this.database.transaction(async (manager) => {
      const row = await this.store.remove(manager, id);
      if (row === undefined) throw Problem.notFound(`user mapping ${id}`);
      await this.audit.record(actor, 'user_mapping.delete', subjectOf(row), { ...pairOf(row) }, manager);
    });
  }
}

function pairOf(row: UserMappingRow): UserPair {
  return {
    sourceInstanceId: row.source_instance_id,
    sourceUsername: row.source_username,
    targetInstanceId: row.target_instance_id,
    targetUsername: row.target_username,
  };
}

/** Without the keys that are absent: they would overwrite what is known. */
const given = (patch: UserMappingPatchDto): Partial<UserPair> =>
  Object.fromEntries(Object.entries(patch).filter(([, value]) => value !== undefined));

const subjectOf = (row: UserMappingRow) => ({ kind: 'user_mapping', id: row.id, name: row.source_username });
