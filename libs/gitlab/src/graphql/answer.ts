import type { HttpResponse } from '@syncline/connector-sdk';
import { z } from 'zod';
import { errorText, isHtml } from '../error-text.js';
import { GraphQlFailure, type FailureKind } from './failure.js';

/** What a whole answer says, errors ruled out. */
export interface Answer {
  readonly data: Readonly<Record<string, unknown>>;
  /** GitLab's clock when it answered; undefined where it sends none. */
  readonly serverDate: Date | undefined;
  /** GitLab's own reckoning of what the query cost, and what it may cost. */
  readonly complexity: { readonly score: number; readonly limit: number } | undefined;
}

const errorSchema = z.object({
  message: z.string().catch(''),
  path: z
    .array(z.union([z.string(), z.number()]))
    .nullish()
    .catch(null),
  extensions: z
    .object({ code: z.string(), typeName: z.string().nullish(), fieldName: z.string().nullish() })
    .partial()
    .nullish()
    .catch(null),
});
const envelopeSchema = z.object({
  data: z.record(z.string(), z.unknown()).nullish(),
  errors: z.array(errorSchema).nullish(),
});
const complexitySchema = z.object({ queryComplexity: z.object({ score: z.number(), limit: z.number() }) });

type AnswerError = z.infer<typeof errorSchema>;

/** The schema of this server differs from what the query needs. Messages change, codes do not. */
const lackingCodes = new Set([
  'undefinedField',
  'argumentNotAccepted',
  'argumentLiteralsIncompatible',
  'undefinedType',
  'variableRequiresValidType',
  'variableMismatch',
  'missingRequiredArguments',
  'selectionMismatch',
  'cannotSpreadFragment',
]);

/**
 * The data of an answer that counts as read: 200, JSON, and no error at all, because a part of a page must not move a
 * cursor. Everything else throws a `GraphQlFailure` that says what to do about it.
 */
export function judge(response: HttpResponse): Answer {
  const { status, body, headers } = response;
  const envelope = isHtml(body) || typeof body === 'string' ? undefined : envelopeSchema.safeParse(body).data;
  const [error] = envelope?.errors ?? [];
  if (status !== 200) throw ofStatus(status, error, body);
  // A page is somebody else's answer and will stay; a torn one says nothing about the next.
  if (envelope === undefined) {
    const kind = typeof body === 'string' && !isHtml(body) ? 'down' : 'absent';
    throw new GraphQlFailure(kind, 'it answered with something that is not JSON');
  }
  if (error !== undefined) throw ofErrors(envelope.errors ?? [], envelope.data ?? undefined);
  if (!envelope.data) throw new GraphQlFailure('absent', 'it answered without data');
  const date = Date.parse(headers['date'] ?? '');
  return {
    data: envelope.data,
    serverDate: Number.isNaN(date) ? undefined : new Date(date),
    complexity: complexitySchema.safeParse(envelope.data).data?.queryComplexity,
  };
}

function ofStatus(status: number, error: AnswerError | undefined, body: unknown): GraphQlFailure {
  const text = error === undefined ? errorText(body) : errorText(error.message);
  const said = `it answered ${status}${text === undefined ? '' : ` (${text})`}`;
  // With errors in JSON, 503 is a statement that took too long; from a proxy it is an outage.
  if (status === 503 && error !== undefined && /timed? ?out|less complex/i.test(error.message)) {
    return new GraphQlFailure('heavy', said);
  }
  if (status === 408 || status === 413 || status === 504) return new GraphQlFailure('heavy', said);
  if (status >= 500 && status !== 501) return new GraphQlFailure('down', said);
  if (status === 400 || status === 422) {
    return new GraphQlFailure(/cursor/i.test(error?.message ?? '') ? 'cursor' : 'lacking', said);
  }
  // 401 and 403 may be the token's fault, which REST will say, or GraphQL alone is closed to it.
  return new GraphQlFailure('absent', said);
}

function ofErrors(errors: readonly AnswerError[], data: Readonly<Record<string, unknown>> | undefined): GraphQlFailure {
  const [first] = errors;
  const text = errorText(first?.message ?? '') ?? 'an error without words';
  return new GraphQlFailure(kindOf(errors, data), text);
}

function kindOf(errors: readonly AnswerError[], data: Readonly<Record<string, unknown>> | undefined): FailureKind {
  if (errors.some(({ extensions }) => lackingCodes.has(extensions?.code ?? ''))) return 'lacking';
  if (errors.some(({ message }) => /doesn't exist on type|doesn't accept argument/.test(message))) return 'lacking';
  if (errors.some(({ message }) => /valid cursor|invalid cursor/i.test(message))) return 'cursor';
  if (errors.some(({ message }) => /complexity of|depth of/i.test(message))) return 'complex';
  if (errors.some(({ message }) => /timeout on|timed? ?out/i.test(message))) return 'heavy';
  // Where nothing was run and nothing says why, the same query will not do better in smaller portions.
  return data === undefined ? 'lacking' : 'spoiled';
}
