/** How a secret reads in the API: whether there is one, and its end, where that gives nothing away. */
export interface MaskedSecret {
  readonly set: boolean;
  readonly hint?: string;
}

/** Four characters of at least sixteen tell a person which token it is and an attacker nothing. */
const MIN_LENGTH_FOR_HINT = 16;

export function maskSecret(secret: string | undefined): MaskedSecret {
  if (secret === undefined) return { set: false };
  return secret.length < MIN_LENGTH_FOR_HINT ? { set: true } : { set: true, hint: `...${secret.slice(-4)}` };
}

/** A client that sends back what it read means: keep it. */
export function isMasked(value: unknown): value is MaskedSecret {
  if (typeof value !== 'object' || value === null) return false;
  const names = Object.keys(value);
  return typeof Reflect.get(value, 'set') === 'boolean' && names.every((name) => name === 'set' || name === 'hint');
}
