import { GraphQLError, parse, type DocumentNode, type GraphQLSchema } from 'graphql';
import type { ToldError } from './analysis/translate.js';
import { validateQuery } from './analysis/validate.js';

/** How many texts are remembered: clients ask the same few queries with other variables. */
const kept = 100;

/** Queries parsed and validated against one schema. */
export class PreparedQueries {
  private readonly known = new Map<string, DocumentNode | readonly ToldError[]>();

  constructor(readonly schema: GraphQLSchema) {}

  /** The document to run, or what is wrong with the text. */
  prepare(query: string): DocumentNode | readonly ToldError[] {
    const known = this.known.get(query);
    if (known !== undefined) return known;
    const prepared = this.read(query);
    if (this.known.size >= kept) this.known.clear();
    this.known.set(query, prepared);
    return prepared;
  }

  private read(query: string): DocumentNode | readonly ToldError[] {
    if (query.trim() === '') return [{ message: 'No query string was present' }];
    try {
      const document = parse(query);
      const invalid = validateQuery(this.schema, document);
      return invalid.length > 0 ? invalid : document;
    } catch (error) {
      if (!(error instanceof GraphQLError)) throw error;
      return [unreadable(error)];
    }
  }
}

function unreadable(error: GraphQLError): ToldError {
  const locations = (error.locations ?? []).map(({ line, column }) => ({ line, column }));
  const at = locations.map(({ line, column }) => ` at [${line}, ${column}]`).join('');
  return { message: `${error.message.replace(/^Syntax Error: /, 'Parse error: ')}${at}`, locations };
}
