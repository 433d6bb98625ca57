import { ConnectorError, type HttpResponse, type JsonObject } from '@syncline/connector-sdk';
import type { GitLabClient } from '../client.js';
import { type Answer, judge } from './answer.js';
import { GraphQlFailure } from './failure.js';

/** A query as text, and its ids, cursors and names apart from it: they are never written into the text. */
export interface Query {
  readonly operationName: string;
  readonly text: string;
  readonly variables: JsonObject;
}

/** An answer that takes longer is one that a busier server would not give at all. */
const slowMs = 5_000;
/** A query closer to the limit than this is one that the next version, which weighs a field anew, may refuse. */
const narrowMargin = 20;

export interface Asked extends Answer {
  /** It came, but so late or so close to the limit of complexity that the next one should be smaller. */
  readonly slow: boolean;
}

/** Sends queries to `/api/graphql`, with the credentials and the budget REST has: both count in one rate limit. */
export class Asker {
  constructor(
    private readonly client: GitLabClient,
    readonly now: () => Date,
  ) {}

  /**
   * Throws `GraphQlFailure` where REST may do better, and `ConnectorError` (`rate_limit`, `interrupted`) where it would not.
   */
  async ask(query: Query): Promise<Asked> {
    const startedAt = this.now().getTime();
    const elapsedMs = (): number => this.now().getTime() - startedAt;
    try {
      const answer = judge(await this.send(query, false));
      return { ...answer, slow: elapsedMs() > slowMs || isNarrow(answer) };
    } catch (error) {
      const failure = asFailure(error);
      if (failure.kind !== 'down') throw failure;
      // Repeating what took the server so long would only add to its load.
      if (elapsedMs() > slowMs) throw new GraphQlFailure('heavy', failure.message, { cause: failure });
    }
    try {
      const answer = judge(await this.send(query, true));
      return { ...answer, slow: isNarrow(answer) };
    } catch (error) {
      throw asFailure(error);
    }
  }

  private send({ operationName, text, variables }: Query, repeatable: boolean): Promise<HttpResponse> {
    return this.client.http.request({
      method: 'POST',
      path: '/api/graphql',
      auth: this.client.auth,
      body: { operationName, query: text, variables },
      repeatable,
      readsOnly: true,
    });
  }
}

function isNarrow({ complexity }: Answer): boolean {
  return complexity !== undefined && complexity.limit - complexity.score < narrowMargin;
}

function asFailure(error: unknown): GraphQlFailure {
  if (error instanceof GraphQlFailure) return error;
  if (!(error instanceof ConnectorError)) throw error;
  // An answer beyond what our memory is for.
  if (error.kind === 'permanent') return new GraphQlFailure('heavy', error.message, { cause: error });
  // A redirect to a login page may concern GraphQL alone; a fault of the whole instance REST will meet as well.
  if (error.kind === 'transient' || error.kind === 'config') {
    return new GraphQlFailure('down', error.message, { cause: error });
  }
  throw error;
}
