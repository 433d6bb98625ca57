import { isJsonObject, type JsonObject } from '../../api/json.js';
import type { FieldError } from '../../api/problem.js';
import type { CredentialName, Instance, InstanceKind } from '../../api/types.js';
import { mergePatch } from '../../forms/merge-patch.js';

/** What the instance form holds. Secrets: undefined keeps the stored one, null removes it. */
export interface InstanceDraft {
  name: string;
  baseUrl: string;
  description: string;
  credentials: Partial<Record<CredentialName, string | null>>;
  caCertificate: string;
  proxyUrl: string;
  requestsPerMinute: number | '';
  maxBackoffMinutes: number | '';
  /** `YYYY-MM-DD` or empty. */
  expiresAt: string;
}

export function draftOf(instance: Instance | undefined, kind: InstanceKind): InstanceDraft {
  return {
    name: instance?.name ?? kind.displayName,
    baseUrl: instance?.baseUrl ?? kind.baseUrl.default ?? '',
    description: instance?.description ?? '',
    credentials: plainCredentials(instance),
    caCertificate: instance?.caCertificate ?? '',
    proxyUrl: instance?.proxyUrl ?? '',
    requestsPerMinute: instance?.limits?.requestsPerMinute ?? '',
    maxBackoffMinutes: instance?.limits?.maxBackoffMinutes ?? '',
    expiresAt: instance?.expiresAt?.slice(0, 10) ?? '',
  };
}

/** The credentials that are no secrets (a user name) read as they are. */
function plainCredentials(instance: Instance | undefined): InstanceDraft['credentials'] {
  const entries = Object.entries(instance?.credentials ?? {}).filter((entry) => typeof entry[1] === 'string');
  return Object.fromEntries(entries);
}

/** What the form can tell by itself; the hub checks everything again. */
export function checkDraft(draft: InstanceDraft, kind: InstanceKind, instance: Instance | undefined): FieldError[] {
  const errors: FieldError[] = [];
  if (draft.name.trim() === '') errors.push({ path: '/name', message: 'Give it a name.' });
  if (!/^https?:\/\/[^/\s]+/i.test(draft.baseUrl.trim()) || !URL.canParse(draft.baseUrl.trim())) {
    errors.push({ path: '/baseUrl', message: 'Enter an address that starts with https:// or http://.' });
  }
  for (const field of kind.credentials) {
    const stored = isJsonObject(instance?.credentials[field.name]);
    if (field.required === true && !stored && !draft.credentials[field.name]) {
      errors.push({ path: `/credentials/${field.name}`, message: `${field.label} is needed.` });
    }
  }
  return errors;
}

/** The body that creates this draft, or the merge patch that changes `instance` into it; empty: nothing to save. */
export function bodyOf(draft: InstanceDraft, kind: InstanceKind, instance: Instance | undefined): JsonObject {
  const credentials = definedOnly(draft.credentials);
  if (instance === undefined) return compact({ ...plainBody(draft), kind: kind.kind, credentials });
  const before = plainBody(draftOf(instance, kind));
  const patch = mergePatch(compact(before), compact(plainBody(draft)));
  const changed = mergePatch(definedOnly(plainCredentials(instance)), credentials);
  return Object.keys(changed).length === 0 ? patch : { ...patch, credentials: changed };
}

function plainBody(draft: InstanceDraft): JsonObject {
  return {
    name: draft.name.trim(),
    baseUrl: draft.baseUrl.trim(),
    description: draft.description.trim(),
    caCertificate: draft.caCertificate.trim(),
    proxyUrl: draft.proxyUrl.trim(),
    limits: compact({ requestsPerMinute: draft.requestsPerMinute, maxBackoffMinutes: draft.maxBackoffMinutes }),
    expiresAt: draft.expiresAt === '' ? '' : `${draft.expiresAt}T00:00:00.000Z`,
  };
}

/** Without empty texts and empty objects: they mean "not given". */
function compact(body: JsonObject): JsonObject {
  return Object.fromEntries(
    Object.entries(body).filter(
      ([, value]) => value !== '' && !(isJsonObject(value) && Object.keys(value).length === 0),
    ),
  );
}

function definedOnly(values: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined));
}
