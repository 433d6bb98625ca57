import { Column, Entity, PrimaryGeneratedColumn } from 'typeorm';
import type { JsonObject } from '@syncline/connector-sdk';

/** Who changed what, when. Rows are only ever added. */
@Entity('audit_log')
export class AuditEntry {
  @PrimaryGeneratedColumn({ type: 'bigint' })
  id: string;

  @Column({ type: 'timestamptz', default: () => 'now()' })
  at: Date;

  @Column({ type: 'text' })
  actor: string;

  @Column({ type: 'text' })
  action: string;

  @Column({ name: 'subject_kind', type: 'text' })
  subjectKind: string;

  @Column({ name: 'subject_id', type: 'text', nullable: true })
  subjectId: string | null;

  @Column({ name: 'subject_name', type: 'text', nullable: true })
  subjectName: string | null;

  @Column({ type: 'jsonb' })
  data: JsonObject;
}
