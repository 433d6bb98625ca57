/**
 * Why an answer of GraphQL is of no use; what is read instead depends on it:
 * - `absent`: there is no GraphQL for us here (404, HTML, refused credentials). All goes on by REST for a day.
 * - `lacking`: this version has not got a field, an argument or a type. What needs it goes on by REST for a day.
 * - `heavy`: it took too long, or was too long. Less is asked, for a day.
 * - `complex`: this version reckons the query dearer than it allows, whatever the data. Less is asked, for a day.
 * - `spoiled`: something in it failed while it ran, or makes no sense. Whose it is goes on by REST for an hour.
 * - `cursor`: a position that this server does not take any more. The walk begins again at its filter.
 * - `down`: no answer, or 5xx, at a size that cannot be the reason. REST takes over for a while.
 */
export type FailureKind = 'absent' | 'lacking' | 'heavy' | 'complex' | 'spoiled' | 'cursor' | 'down';

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
