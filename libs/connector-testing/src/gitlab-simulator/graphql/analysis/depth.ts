import type { FieldNode, OperationDefinitionNode } from 'graphql';
import { NodeMemo } from './node-memo.js';
import { selectedFields, type Fragments, type VariableValues } from './selected-fields.js';

/** How many fields lie in one another at the deepest place; connections and their nodes count too. */
export function depthOf(operation: OperationDefinitionNode, fragments: Fragments, variables: VariableValues): number {
  const memo = new NodeMemo<number>();
  const below = (parents: readonly (FieldNode | OperationDefinitionNode)[]): number =>
    memo.of(parents, () => {
      let deepest = 0;
      for (const nodes of selectedFields(parents, fragments, variables).values())
        deepest = Math.max(deepest, 1 + below(nodes));
      return deepest;
    });
  return below([operation]);
}
