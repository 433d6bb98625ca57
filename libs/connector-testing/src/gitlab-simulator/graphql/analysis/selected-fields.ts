import {
  getDirectiveValues,
  GraphQLIncludeDirective,
  GraphQLSkipDirective,
  Kind,
  type FieldNode,
  type FragmentDefinitionNode,
  type SelectionNode,
  type SelectionSetNode,
} from 'graphql';

export type VariableValues = Readonly<Record<string, unknown>>;
export type Fragments = ReadonlyMap<string, FragmentDefinitionNode>;

/**
 * The fields that will be answered, by response key: fragments are opened, what `@include` and `@skip` leave out is left
 * out. Types are no concern, as all types of the schema are objects.
 */
export function selectedFields(
  parents: readonly { readonly selectionSet?: SelectionSetNode | undefined }[],
  fragments: Fragments,
  variables: VariableValues,
): Map<string, FieldNode[]> {
  const found = new Map<string, FieldNode[]>();
  const spread = new Set<string>();
  const visit = (selection: SelectionNode): void => {
    if (!included(selection, variables)) return;
    if (selection.kind === Kind.FIELD) {
      const key = selection.alias?.value ?? selection.name.value;
      found.set(key, [...(found.get(key) ?? []), selection]);
      return;
    }
    if (selection.kind === Kind.INLINE_FRAGMENT) {
      selection.selectionSet.selections.forEach(visit);
      return;
    }
    const name = selection.name.value;
    if (spread.has(name)) return;
    spread.add(name);
    fragments.get(name)?.selectionSet.selections.forEach(visit);
  };
  for (const { selectionSet } of parents) selectionSet?.selections.forEach(visit);
  return found;
}

function included(selection: SelectionNode, variables: VariableValues): boolean {
  const skipped = getDirectiveValues(GraphQLSkipDirective, selection, variables)?.['if'] === true;
  const wanted = getDirectiveValues(GraphQLIncludeDirective, selection, variables)?.['if'] !== false;
  return wanted && !skipped;
}
