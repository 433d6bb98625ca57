/** The system's or PostgreSQL's code of an error (`ENOENT`, `23505`), its own or that of the driver's error it wraps. */
export function errorCode(error: unknown): string | undefined {
  if (typeof error !== 'object' || error === null) return undefined;
  const code: unknown = Reflect.get(error, 'code') ?? errorCode(Reflect.get(error, 'driverError'));
  return typeof code === 'string' ? code : undefined;
}
