import { Column, Entity, PrimaryGeneratedColumn } from 'typeorm';

/** A bearer token, of which only the hash is kept. */
@Entity('api_token')
export class ApiToken {
  @PrimaryGeneratedColumn('uuid')
  id: string;

  @Column({ type: 'text', unique: true })
  name: string;

  /** SHA-256. The tokens are long and random, so that nothing slower is needed. */
  @Column({ type: 'bytea', unique: true, select: false })
  hash: Buffer;

  @Column({ name: 'created_at', type: 'timestamptz', default: () => 'now()' })
  createdAt: Date;

  @Column({ name: 'last_used_at', type: 'timestamptz', nullable: true })
  lastUsedAt: Date | null;
}
