import type { JsonObject } from '@syncline/connector-sdk';
import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';

/** What was changed. */
export interface AuditSubject {
  /** `instance`, `connection`, `run`, `link`, `delivery`, `token`, `session`, ... */
  readonly kind: string;
  readonly id?: string;
  readonly name?: string;
}

/** The log of every mutation. `data` never holds a secret: names of changed fields, not values. */
@Injectable()
export class Audit {
  constructor(private readonly database: DataSource) {}

  /** Inside a transaction pass its manager, so that the entry stands or falls with the change. */
  async record(
    actor: string,
    action: string,
    subject: AuditSubject,
    data: JsonObject = {},
    manager: EntityManager = this.database.manager,
  ): Promise<void> {
    await manager.query(
      `insert into audit_log (actor, action, subject_kind, subject_id, subject_name, data) values ($1, $2, $3, $4, $5, $6)`,
      [actor, action, subject.kind, subject.id ?? null, subject.name ?? null, JSON.stringify(data)],
    );
  }
}
