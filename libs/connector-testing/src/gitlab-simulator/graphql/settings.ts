import type { RegistryKind } from './graphql-call.js';

/** How the instance's GraphQL behaves. Everything can be changed while it runs. */
export interface GraphQlSettings {
  /** `absent`: 404, as where GraphQL is blocked. `html`: a page with status 200, as of a proxy's login. */
  readonly mode: 'on' | 'absent' | 'html';
  /** What this server's version has not got: `Type.field`, `Type.field(argument)`, `Enum.VALUE`. */
  readonly lacking: readonly string[];
  /** Fields that fail while they run, `Type.field`, with the message. */
  readonly failing: Readonly<Record<string, string>>;
  /**
   * `Type.field` and how many of it a request has time for. When one more is begun the time is up: this field and all
   * that follow are null, with the error `Timeout on Type.field` each.
   */
  readonly timeouts: Readonly<Record<string, number>>;
  /** Connections, `Type.field`, and the page size above which the database gives up: the whole request is a 503. */
  readonly statementTimeouts: Readonly<Record<string, number>>;
  readonly registry: RegistryKind;
  /** Replaces GitLab's 200 (anonymous), 250 and 300 (administrators). */
  readonly complexityLimit: number | null;
}

export const usualGraphQl: GraphQlSettings = {
  mode: 'on',
  lacking: [],
  failing: {},
  timeouts: {},
  statementTimeouts: {},
  registry: 'database',
  complexityLimit: null,
};
