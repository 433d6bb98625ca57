import type { ErrorKind, JsonObject } from '@syncline/connector-sdk';
import { Column, CreateDateColumn, Entity, PrimaryColumn, UpdateDateColumn } from 'typeorm';
import type { Schedule } from './schedule.js';

/** What the last run that failed said. */
export interface RunError {
  readonly kind: ErrorKind;
  readonly message: string;
  readonly hint?: string;
  /** Nothing but items that were set aside was wrong. */
  readonly itemsOnly?: boolean;
}

/** A configured connector. Its health is written by the runs; secrets in its config are sealed. */
@Entity('connection')
export class ConnectionEntity {
  /** Made before the row: sealed values are bound to it. */
  @PrimaryColumn('uuid')
  id: string;

  @Column({ type: 'text' })
  name: string;

  @Column({ type: 'text', nullable: true })
  description: string | null;

  @Column({ name: 'connector_id', type: 'text' })
  connectorId: string;

  @Column({ type: 'boolean' })
  enabled: boolean;

  @Column({ type: 'jsonb', nullable: true })
  schedule: Schedule | null;

  @Column({ type: 'jsonb' })
  config: JsonObject;

  @Column({ type: 'text', array: true })
  tags: string[];

  @Column({ name: 'next_run_at', type: 'timestamptz', nullable: true })
  nextRunAt: Date | null;

  @Column({ name: 'health_state', type: 'text', default: 'new' })
  healthState: 'new' | 'ok' | 'failing' | 'needs_attention';

  @Column({ name: 'health_since', type: 'timestamptz', default: () => 'now()' })
  healthSince: Date;

  @Column({ name: 'last_run_id', type: 'uuid', nullable: true })
  lastRunId: string | null;

  @Column({ name: 'last_success_at', type: 'timestamptz', nullable: true })
  lastSuccessAt: Date | null;

  @Column({ name: 'last_error', type: 'jsonb', nullable: true })
  lastError: RunError | null;

  /** When `enabled` last changed. */
  @Column({ name: 'switched_at', type: 'timestamptz', default: () => 'now()' })
  switchedAt: Date;

  @CreateDateColumn({ name: 'created_at', type: 'timestamptz' })
  createdAt: Date;

  @UpdateDateColumn({ name: 'updated_at', type: 'timestamptz' })
  updatedAt: Date;

  @Column({ name: 'deleted_at', type: 'timestamptz', nullable: true })
  deletedAt: Date | null;
}
