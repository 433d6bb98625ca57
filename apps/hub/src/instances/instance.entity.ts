import { Column, CreateDateColumn, Entity, PrimaryColumn, UpdateDateColumn } from 'typeorm';
import type { Sealed } from '../secrets/secret-box.js';

export const credentialNames = ['token', 'username', 'password', 'apiKey'] as const;
export type CredentialName = (typeof credentialNames)[number];

/** Our own ceilings; the remote's answers may slow us down further. */
export interface InstanceLimits {
  readonly requestsPerMinute?: number;
  readonly maxBackoffMinutes?: number;
}

/** A remote system as an administrator configured it. Credentials and the proxy's address are sealed. */
@Entity('instance')
export class InstanceEntity {
  /** Made before the row: sealed values are bound to it. */
  @PrimaryColumn('uuid')
  id: string;

  @Column({ type: 'text' })
  name: string;

  @Column({ type: 'text' })
  kind: string;

  @Column({ name: 'base_url', type: 'text' })
  baseUrl: string;

  @Column({ type: 'text', nullable: true })
  description: string | null;

  @Column({ type: 'jsonb' })
  credentials: Partial<Record<CredentialName, Sealed>>;

  @Column({ name: 'ca_certificate', type: 'text', nullable: true })
  caCertificate: string | null;

  @Column({ name: 'proxy_url', type: 'jsonb', nullable: true })
  proxyUrl: Sealed | null;

  @Column({ type: 'jsonb' })
  limits: InstanceLimits;

  @Column({ name: 'expires_at', type: 'timestamptz', nullable: true })
  expiresAt: Date | null;

  /** Who the credentials are at the remote, once a check has seen it. */
  @Column({ type: 'jsonb', nullable: true })
  account: { readonly id: string; readonly username: string } | null;

  @CreateDateColumn({ name: 'created_at', type: 'timestamptz' })
  createdAt: Date;

  @UpdateDateColumn({ name: 'updated_at', type: 'timestamptz' })
  updatedAt: Date;
}
