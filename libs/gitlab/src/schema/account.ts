import { z } from 'zod';
import type { TokenRecord, VersionRecord } from '../records.js';
import { flag, text, time } from './parts.js';

/** `GET /user` */
export const currentUserSchema = z.object({
  id: z.number(),
  username: z.string(),
  name: text,
  bot: flag,
  is_admin: flag,
});

/** `GET /personal_access_tokens/self` */
export const tokenSchema = z
  .object({ id: z.number(), name: text, scopes: z.array(z.string()), active: flag, revoked: flag, expires_at: time })
  .transform(({ expires_at: expiresAt, ...token }): TokenRecord => ({ ...token, expiresAt }));

/** `GET /metadata`, and `GET /version`, which lacks `enterprise`. */
export const versionSchema = z
  .object({ version: z.string(), enterprise: flag })
  .transform((metadata): VersionRecord => ({ version: metadata.version, enterprise: metadata.enterprise }));
