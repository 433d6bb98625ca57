import { z } from 'zod';
import type { UserRecord } from '../../records.js';
import { text } from '../../schema/parts.js';
import { numericId } from '../global-id.js';

/** Global ids are kept as the numbers REST has. */
export const gid = z.unknown().transform((value, context) => {
  const id = numericId(value);
  if (id !== undefined) return id;
  context.issues.push({ code: 'custom', message: 'is not a global id', input: value });
  return z.NEVER;
});

/** An `iid` is a text here. */
export const numberText = z.union([z.string().regex(/^\d+$/).transform(Number), z.number()]);

const userSchema = z
  .object({ id: z.unknown(), username: z.string(), name: text })
  .transform((user): UserRecord => ({ id: numericId(user.id) ?? null, username: user.username, name: user.name }));
export const user = userSchema.nullish().transform((value) => value ?? null);

/** The nodes of a short connection that is never paged; those the token may not see are null. */
export function nodesOf<T>(schema: z.ZodType<T>) {
  return z
    .object({ nodes: z.array(schema.nullable()).nullish() })
    .nullish()
    .transform((connection) => (connection?.nodes ?? []).flatMap((node) => (node === null ? [] : [node])));
}
export const users = nodesOf(userSchema);

/** Enumerations are capitals here and small letters in REST. */
export const lower = z.string().transform((value) => value.toLowerCase());
export const lowerOrNull = lower.nullish().transform((value) => value ?? null);
