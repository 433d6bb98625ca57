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
  selectionSets: readonly (SelectionSetNode | undefined)[],
  fragments: Fragments,
  variables: VariableValues,
): Map<string, FieldNode[]> {
  const found = new Map<string, FieldNode[]>();
  const visit = (selection: SelectionNode): void => {
    if (!included(selection, variables)) return;
    if (selection.kind === Kind.FIELD) {
      const key = selection.alias?.value ?? selection.name.value;
      found.set(key, [...(found.get(key) ?? []), selection]);
      return;
    }
    const opened = selection.kind === Kind.FRAGMENT_SPREAD ? fragments.get(selection.name.value) : selection;
    opened?.selectionSet.selections.forEach(visit);
  };
  for (const set of selectionSets) set?.selections.forEach(visit);
  return found;
}

function included(selection: SelectionNode, variables: VariableValues): boolean {
  const skipped = getDirectiveValues(GraphQLSkipDirective, selection, variables)?.['if'] === true;
  const wanted = getDirectiveValues(GraphQLIncludeDirective, selection, variables)?.['if'] !== false;
  return wanted && !skipped;
}
