import {
  execute,
  getOperationAST,
  getVariableValues,
  GraphQLError,
  Kind,
  parse,
  type DocumentNode,
  type FragmentDefinitionNode,
  type GraphQLSchema,
  type OperationDefinitionNode,
} from 'graphql';
import type { Site } from '../entities/site.js';
import { Complexity } from './analysis/complexity.js';
import { depthOf } from './analysis/depth.js';
import type { VariableValues } from './analysis/selected-fields.js';
import type { ToldError } from './analysis/translate.js';
import { validateQuery } from './analysis/validate.js';
import { fieldResolver, Troubles } from './field-resolver.js';
import type { GraphQlCall } from './graphql-call.js';
import type { GraphQlSettings } from './settings.js';
import type { Viewer } from './viewer.js';
import { queryView, views } from './views/query.js';

export interface QueryRequest {
  readonly query: string;
  readonly operationName: string | undefined;
  readonly variables: VariableValues;
  readonly viewer: Viewer;
  readonly site: Site;
  readonly settings: GraphQlSettings;
  readonly repeatsFirstPage: boolean;
}

/** The body of the answer; `aborted` where the database gave up and there is none. */
export type QueryAnswer = { readonly data?: unknown; readonly errors?: readonly ToldError[] } | 'aborted';

/** Parses, validates, weighs and runs a query, in GitLab's order: where a step finds errors the next is not taken. */
export function runQuery(schema: GraphQLSchema, request: QueryRequest): QueryAnswer {
  const document = parsed(request.query);
  if ('message' in document) return { errors: [document] };
  const invalid = validateQuery(schema, document);
  if (invalid.length > 0) return { errors: invalid };
  const operation = getOperationAST(document, request.operationName);
  if (operation === undefined || operation === null) {
    const name = request.operationName;
    const message = name === undefined ? 'An operation name is required' : `No operation named "${name}"`;
    return { errors: [{ message }] };
  }
  if (operation.operation !== 'query')
    return { errors: [{ message: `Schema is not configured for ${operation.operation}s` }] };
  const { coerced, errors } = getVariableValues(schema, operation.variableDefinitions ?? [], request.variables);
  if (errors !== undefined) return { errors: errors.map((error) => badVariable(error, operation, request.variables)) };
  return weighAndRun(schema, request, document, operation, coerced);
}

function weighAndRun(
  schema: GraphQLSchema,
  request: QueryRequest,
  document: DocumentNode,
  operation: OperationDefinitionNode,
  variables: VariableValues,
): QueryAnswer {
  const { viewer, settings, site } = request;
  const fragments = fragmentsOf(document);
  const limit = settings.complexityLimit ?? complexityLimit(viewer);
  const score = new Complexity(schema, fragments, variables).score(operation);
  const depth = depthOf(operation, fragments, variables);
  const depthLimit = viewer.user === undefined ? 15 : 20;
  const refusals: ToldError[] = [];
  if (depth > depthLimit)
    refusals.push({ message: `Query has depth of ${depth}, which exceeds max depth of ${depthLimit}` });
  if (score > limit) {
    refusals.push({ message: `Query has complexity of ${score}, which exceeds max complexity of ${limit}` });
  }
  if (refusals.length > 0) return { errors: refusals };
  const { registry } = settings;
  const call: GraphQlCall = { site, viewer, score, limit, registry, repeatsFirstPage: request.repeatsFirstPage, views };
  const troubles = new Troubles(settings);
  const result = execute({
    schema,
    document,
    rootValue: queryView(call),
    variableValues: request.variables,
    operationName: request.operationName ?? null,
    fieldResolver: fieldResolver(troubles),
  });
  if (result instanceof Promise) throw new Error('no view waits for anything');
  if (troubles.aborted) return 'aborted';
  const failed = result.errors?.map((error) => error.toJSON());
  return failed === undefined ? { data: result.data } : { data: result.data, errors: failed };
}

/** Source: app/graphql/gitlab_schema.rb */
function complexityLimit(viewer: Viewer): number {
  if (viewer.user === undefined) return 200;
  return viewer.user.admin ? 300 : 250;
}

function parsed(query: string): DocumentNode | ToldError {
  if (query.trim() === '') return { message: 'No query string was present' };
  try {
    return parse(query);
  } catch (error) {
    if (!(error instanceof GraphQLError)) throw error;
    const locations = (error.locations ?? []).map(({ line, column }) => ({ line, column }));
    const at = locations.map(({ line, column }) => `[${line}, ${column}]`).join('');
    return { message: `${error.message.replace(/^Syntax Error: /, 'Parse error: ')} at ${at}`, locations };
  }
}

function fragmentsOf(document: DocumentNode): ReadonlyMap<string, FragmentDefinitionNode> {
  const fragments = new Map<string, FragmentDefinitionNode>();
  for (const definition of document.definitions)
    if (definition.kind === Kind.FRAGMENT_DEFINITION) fragments.set(definition.name.value, definition);
  return fragments;
}

/** Source: rmosolgo/graphql-ruby, lib/graphql/query/variable_validation_error.rb */
function badVariable(error: GraphQLError, operation: OperationDefinitionNode, given: VariableValues): ToldError {
  const definition = operation.variableDefinitions?.find((candidate) => error.nodes?.includes(candidate) === true);
  const name = definition?.variable.name.value ?? /"\$(\w+)/.exec(error.message)?.[1] ?? '';
  const type =
    definition?.type.loc === undefined
      ? ''
      : definition.type.loc.source.body.slice(definition.type.loc.start, definition.type.loc.end);
  return {
    message: `Variable $${name} of type ${type} was provided invalid value`,
    locations: (error.locations ?? []).map(({ line, column }) => ({ line, column })),
    extensions: { value: given[name] ?? null, problems: [{ path: [], explanation: error.message }] },
  };
}
