import { print, type GraphQLError, type OperationDefinitionNode } from 'graphql';
import type { VariableValues } from './analysis/selected-fields.js';
import type { ToldError } from './analysis/translate.js';

/** A value that does not fit its variable. Source: rmosolgo/graphql-ruby, lib/graphql/query/variable_validation_error.rb */
export function badVariable(error: GraphQLError, operation: OperationDefinitionNode, given: VariableValues): ToldError {
  const definition = operation.variableDefinitions?.find((candidate) => error.nodes?.includes(candidate) === true);
  const name = definition?.variable.name.value ?? '';
  const type = definition === undefined ? '' : print(definition.type);
  return {
    message: `Variable $${name} of type ${type} was provided invalid value`,
    locations: (error.locations ?? []).map(({ line, column }) => ({ line, column })),
    extensions: { value: given[name] ?? null, problems: [{ path: [], explanation: error.message }] },
  };
}
