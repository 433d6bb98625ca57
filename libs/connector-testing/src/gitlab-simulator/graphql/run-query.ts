import {
  execute,
  getOperationAST,
  getVariableValues,
  Kind,
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
import { badVariable } from './bad-variable.js';
import { fieldResolver, Troubles } from './field-resolver.js';
import type { GraphQlCall } from './graphql-call.js';
import type { PreparedQueries } from './prepared-queries.js';
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
export function runQuery(queries: PreparedQueries, request: QueryRequest): QueryAnswer {
  const { schema } = queries;
  const document = queries.prepare(request.query);
  if (!('kind' in document)) return { errors: document };
  const operation = getOperationAST(document, request.operationName);
  if (operation === undefined || operation === null) {
    const name = request.operationName;
    const message = name === undefined ? 'An operation name is required' : `No operation named "${name}"`;
    return { errors: [{ message }] };
  }
  if (operation.operation !== 'query') {
    return { errors: [{ message: `Schema is not configured for ${operation.operation}s` }] };
  }
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

function fragmentsOf(document: DocumentNode): ReadonlyMap<string, FragmentDefinitionNode> {
  const fragments = new Map<string, FragmentDefinitionNode>();
  for (const definition of document.definitions)
    if (definition.kind === Kind.FRAGMENT_DEFINITION) fragments.set(definition.name.value, definition);
  return fragments;
}
