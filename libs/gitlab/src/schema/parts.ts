import { z } from 'zod';
import type { UserRecord } from '../records.js';

/** Missing and null mean the same in GitLab's answers: older versions leave out what newer ones send as null. */
export const text = z
  .string()
  .nullish()
  .transform((value) => value ?? null);
export const number = z
  .number()
  .nullish()
  .transform((value) => value ?? null);
export const flag = z
  .boolean()
  .nullish()
  .transform((value) => value ?? null);
/** GitLab documents that a boolean may be null for false. */
export const isTrue = z
  .boolean()
  .nullish()
  .transform((value) => value ?? false);
export const count = z
  .number()
  .nullish()
  .transform((value) => value ?? 0);

/** ISO 8601 with offset, or a bare date. */
export const requiredTime = z.string().transform((value, context) => {
  const time = new Date(value);
  if (!Number.isNaN(time.getTime())) return time;
  context.issues.push({ code: 'custom', message: 'is not a time', input: value });
  return z.NEVER;
});
export const time = requiredTime.nullish().transform((value) => value ?? null);

/** A time of a change, in whole seconds: GraphQL tells no more of the same moment. */
export const requiredSecond = requiredTime.transform((value) => new Date(Math.floor(value.getTime() / 1000) * 1000));
export const second = requiredSecond.nullish().transform((value) => value ?? null);

/** Deleted users come as null, as the ghost user, or without an id. */
export const userSchema = z
  .object({ id: number, username: z.string(), name: text })
  .transform((user): UserRecord => ({ id: user.id, username: user.username, name: user.name }));
export const user = userSchema.nullish().transform((value) => value ?? null);
export const users = z
  .array(userSchema)
  .nullish()
  .transform((value) => value ?? []);
