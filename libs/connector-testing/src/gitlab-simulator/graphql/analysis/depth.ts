import type { FieldNode, OperationDefinitionNode } from 'graphql';
import { selectedFields, type Fragments, type VariableValues } from './selected-fields.js';

/** How many fields lie in one another at the deepest place; connections and their nodes count too. */
export function depthOf(operation: OperationDefinitionNode, fragments: Fragments, variables: VariableValues): number {
  const below = (parents: readonly Pick<FieldNode, 'selectionSet'>[]): number => {
    const fields = selectedFields(
      parents.map(({ selectionSet }) => selectionSet),
      fragments,
      variables,
    );
    let deepest = 0;
    for (const nodes of fields.values()) deepest = Math.max(deepest, 1 + below(nodes));
    return deepest;
  };
  return below([operation]);
}
