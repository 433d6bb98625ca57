import { SentFile } from './multipart.js';
import { badParameter, Refusal, textReply } from './reply.js';

/** Query and body parameters of one request, checked as GitLab's parameter check does. */
export class Parameters {
  constructor(
    readonly query: URLSearchParams,
    private readonly body: Readonly<Record<string, unknown>> = {},
  ) {}

  has(name: string): boolean {
    return this.query.has(name) || name in this.body || this.query.has(`${name}[]`) || `${name}[]` in this.body;
  }

  /** Undefined where absent or empty. */
  string(name: string): string | undefined {
    const value = this.query.get(name) ?? this.fromBody(name);
    return value === '' ? undefined : (value ?? undefined);
  }

  /** The text as it came, also when it is empty; null where it is null, undefined where it is absent. */
  text(name: string): string | null | undefined {
    if (!this.has(name)) return undefined;
    return this.query.get(name) ?? this.fromBody(name) ?? null;
  }

  /** A file of a multipart body. */
  file(name: string): SentFile | undefined {
    const value = this.body[name];
    return value instanceof SentFile ? value : undefined;
  }

  required(name: string): string {
    const value = this.string(name);
    if (value === undefined) throw badParameter(`${name} is missing`);
    return value;
  }

  integer(name: string): number | undefined {
    const value = this.string(name);
    if (value === undefined) return undefined;
    if (!/^-?\d+$/.test(value)) throw badParameter(`${name} is invalid`);
    return Number(value);
  }

  boolean(name: string): boolean | undefined {
    const value = this.string(name)?.toLowerCase();
    if (value === undefined) return undefined;
    if (['true', 't', '1', 'yes', 'on'].includes(value)) return true;
    if (['false', 'f', '0', 'no', 'off'].includes(value)) return false;
    throw badParameter(`${name} is invalid`);
  }

  /** One of the allowed words, or undefined. */
  choice<T extends string>(name: string, allowed: readonly T[]): T | undefined {
    const value = this.string(name);
    if (value === undefined) return undefined;
    const found = allowed.find((word) => word === value);
    if (found === undefined) throw badParameter(`${name} does not have a valid value`);
    return found;
  }

  /** Milliseconds. Fractions and offsets are accepted, a bare date is midnight UTC. */
  time(name: string): number | undefined {
    const value = this.string(name);
    if (value === undefined) return undefined;
    const match = /^(\d{4}-\d{2}-\d{2})(?:[T ](\d{2}:\d{2}(?::\d{2})?)(\.\d+)?(Z|[+-]\d{2}:?\d{2})?)?$/.exec(value);
    const fraction = Number(match?.[3] ?? 0) * 1000;
    const zone = (match?.[4] ?? 'Z').replace(/^([+-]\d{2})(\d{2})$/, '$1:$2');
    const time = match === null ? Number.NaN : Date.parse(`${match[1] ?? ''}T${match[2] ?? '00:00'}${zone}`);
    if (Number.isNaN(time)) throw badParameter(`${name} is invalid`);
    return Math.round((time + fraction) * 1000) / 1000;
  }

  /** `name[]=a&name[]=b`, or an array in the body; undefined where absent. */
  list(name: string): string[] | undefined {
    const values = [...this.query.getAll(`${name}[]`), ...this.query.getAll(name)];
    for (const fromBody of [this.body[name], this.body[`${name}[]`]]) {
      if (Array.isArray(fromBody)) values.push(...fromBody.map(String));
    }
    return values.length === 0 ? undefined : values;
  }

  /** `a,b,c`; undefined where absent. */
  commaList(name: string): string[] | undefined {
    return this.string(name)
      ?.split(',')
      .map((part) => part.trim());
  }

  private fromBody(name: string): string | undefined {
    const value = this.body[name];
    if (typeof value === 'string') return storable(value);
    return typeof value === 'number' || typeof value === 'boolean' ? String(value) : undefined;
  }
}

/** Reads a JSON or form body into named values; what is neither counts as no body. */
export function parseBody(text: string, contentType: string | undefined): Record<string, unknown> {
  if (text === '') return {};
  if (contentType?.startsWith('application/json') !== true) return formFields(new URLSearchParams(text));
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : {};
  } catch {
    throw badParameter('body is invalid');
  }
}

/** Neither NUL nor half a character can be stored; GitLab refuses the request before it looks at anything else. */
function storable(text: string): string {
  if (text.includes('\0') || /\p{Surrogate}/u.test(text)) throw new Refusal(textReply('Bad Request', 400));
  return text;
}

/** Fields that end in `[]` are lists. */
function formFields(form: URLSearchParams): Record<string, unknown> {
  const fields: Record<string, unknown> = Object.fromEntries(form);
  for (const name of form.keys()) if (name.endsWith('[]')) fields[name] = form.getAll(name);
  return fields;
}
