import type { Credentials, InstanceKind } from '@syncline/connector-sdk';
import { type FieldError, Problem } from '../http/problem.js';
import { isMasked } from '../secrets/masked.js';
import { pointerTo } from '../secrets/json-pointer.js';
import { normaliseBaseUrl, normaliseProxyUrl } from './base-url.js';
import { caCertificateProblem } from './ca-certificate.js';
import type { InstanceLimits } from './instance.entity.js';
import type { LimitsDto } from './instance.dto.js';

/** Throws 422 with what is wrong with one field. */
function refuse(path: string, message: string): never {
  throw Problem.invalid([{ path, message }]);
}

export function parseBaseUrl(text: string | null | undefined, kind: InstanceKind): string {
  const given = text ?? kind.baseUrl.default;
  if (given === undefined) return refuse('/baseUrl', 'is required');
  const parsed = normaliseBaseUrl(given);
  return 'problem' in parsed ? refuse('/baseUrl', parsed.problem) : parsed.baseUrl;
}

export function parseProxyUrl(text: string): string {
  const parsed = normaliseProxyUrl(text);
  return 'problem' in parsed ? refuse('/proxyUrl', parsed.problem) : parsed.proxyUrl;
}

export function parseCaCertificate(pem: string): string {
  const problem = caCertificateProblem(pem);
  return problem === undefined ? pem.trim() : refuse('/caCertificate', problem);
}

/** Merges what was sent over what is there: absent keeps (so does a value as it reads), null removes. */
export function mergeLimits(before: InstanceLimits, sent: LimitsDto | null | undefined): InstanceLimits {
  if (sent === undefined) return before;
  const merged = sent === null ? {} : { ...before, ...sent };
  return Object.fromEntries(Object.entries(merged).filter(([, value]) => typeof value === 'number'));
}

/** As above; null for the whole removes every one. */
export function mergeCredentials(
  before: Credentials,
  sent: Readonly<Record<string, unknown>> | null | undefined,
  kind: InstanceKind,
): Credentials {
  const merged = new Map<string, string>(sent === null ? [] : Object.entries(before));
  const errors: FieldError[] = [];
  const names = kind.credentials.map(({ name }) => name);
  for (const [name, value] of Object.entries(sent ?? {})) {
    const path = `/credentials${pointerTo(name)}`;
    const known = kind.credentials.find((credential) => credential.name === name);
    if (known === undefined) {
      const there = names.length === 0 ? 'none' : names.join(', ');
      errors.push({ path, message: `is not a credential of ${kind.displayName}; there is ${there}` });
    } else if (value === null) merged.delete(name);
    else if (typeof value === 'string') {
      const trimmed = value.trim();
      // An empty field of a form: nothing was entered, unless the credential is one that is shown.
      if (trimmed === '') merged.delete(name);
      else if (/[\0-\x1f\x7f]/.test(trimmed)) errors.push({ path, message: 'must be a single line' });
      else merged.set(name, trimmed);
    } else if (!isMasked(value)) errors.push({ path, message: 'must be text' });
  }
  for (const { name, required, label } of kind.credentials) {
    if (required === true && !merged.has(name) && !errors.some(({ path }) => path === `/credentials/${name}`)) {
      errors.push({ path: `/credentials/${name}`, message: `is required (${label})` });
    }
  }
  if (errors.length > 0) throw Problem.invalid(errors);
  return Object.fromEntries(merged);
}
