import { defaultFieldResolver, GraphQLError, type GraphQLFieldResolver } from 'graphql';
import { pageSize } from './connection/page.js';
import type { GraphQlSettings } from './settings.js';

/** What may go wrong while a query runs, and what did. */
export class Troubles {
  /** The database gave up on a statement: there is no answer but that. */
  aborted = false;
  private timeIsUp = false;
  private readonly counts = new Map<string, number>();

  constructor(private readonly settings: Pick<GraphQlSettings, 'failing' | 'timeouts' | 'statementTimeouts'>) {}

  /** @throws {GraphQLError} where this field is not to be had. */
  meet(field: string, args: Readonly<Record<string, unknown>>): void {
    const { failing, timeouts, statementTimeouts } = this.settings;
    const longest = statementTimeouts[field];
    if (longest !== undefined && pageSize({ first: asNumber(args['first']), last: asNumber(args['last']) }) > longest) {
      this.aborted = true;
    }
    const affordable = timeouts[field];
    if (affordable !== undefined) {
      const count = (this.counts.get(field) ?? 0) + 1;
      this.counts.set(field, count);
      this.timeIsUp ||= count > affordable;
    }
    if (this.timeIsUp) throw new GraphQLError(`Timeout on ${field}`);
    const message = failing[field];
    if (message !== undefined) throw new GraphQLError(message);
  }
}

/** Views hold values and functions; on the way to each something may go wrong. */
export function fieldResolver(troubles: Troubles): GraphQLFieldResolver<unknown, unknown> {
  return (source, args: Readonly<Record<string, unknown>>, context, info) => {
    troubles.meet(`${info.parentType.name}.${info.fieldName}`, args);
    return defaultFieldResolver(source, args, context, info);
  };
}

function asNumber(value: unknown): number | null {
  return typeof value === 'number' ? value : null;
}
