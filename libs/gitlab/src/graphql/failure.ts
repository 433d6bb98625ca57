/**
 * Why an answer of GraphQL is of no use; what is read instead depends on it:
 * - `absent`: there is no GraphQL for us here (404, HTML, refused credentials). All goes on by REST for a day.
 * - `lacking`: this version has not got a field, an argument or a type. What needs it goes on by REST for a day.
 * - `heavy`: too much for one answer (time, complexity, a field that failed while running). Less is asked.
 * - `cursor`: a position that this server does not take any more. The walk begins again at its filter.
 * - `down`: no answer, or 5xx, at a size that cannot be the reason. REST takes over for a while.
 */
export type FailureKind = 'absent' | 'lacking' | 'heavy' | 'cursor' | 'down';

/** Stays inside this folder: whoever reads streams gets REST's answer or REST's error instead. */
export class GraphQlFailure extends Error {
  override readonly name = 'GraphQlFailure';

  constructor(
    readonly kind: FailureKind,
    message: string,
    options: { readonly cause?: unknown } = {},
  ) {
    super(message, options);
  }
}
