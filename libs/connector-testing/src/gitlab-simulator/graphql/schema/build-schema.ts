import { assertValidSchema, buildASTSchema, Kind, parse, visit, type ASTNode, type GraphQLSchema } from 'graphql';
import { mergeRequestTypes } from './merge-request-types.js';
import { rootTypes } from './root-types.js';
import { completeScalars } from './scalars.js';
import { streamTypes } from './stream-types.js';

const complete = parse([rootTypes, mergeRequestTypes, streamTypes].join('\n'));

/**
 * The schema of a server that lacks some parts: `Type.field`, `Type.field(argument)`, or `Enum.VALUE`.
 * @throws {Error} where a name is not in the complete schema, because then the switch would do nothing, and where nothing
 * remains of a type.
 */
export function buildSchemaWithout(lacking: readonly string[]): GraphQLSchema {
  const wanted = new Set(lacking);
  const met = new Set<string>();
  const gone = (name: string): null | undefined => {
    if (!wanted.has(name)) return undefined;
    met.add(name);
    return null;
  };
  const owner = (ancestors: readonly (ASTNode | readonly ASTNode[])[], kind: Kind): string => {
    const found = ancestors.find((node) => 'kind' in node && node.kind === kind);
    return found !== undefined && 'name' in found && found.name !== undefined ? found.name.value : '';
  };
  const document = visit(complete, {
    FieldDefinition: (node, _key, _parent, _path, ancestors) =>
      gone(`${owner(ancestors, Kind.OBJECT_TYPE_DEFINITION)}.${node.name.value}`),
    InputValueDefinition: (node, _key, _parent, _path, ancestors) => {
      const field = owner(ancestors, Kind.FIELD_DEFINITION);
      return gone(`${owner(ancestors, Kind.OBJECT_TYPE_DEFINITION)}.${field}(${node.name.value})`);
    },
    EnumValueDefinition: (node, _key, _parent, _path, ancestors) =>
      gone(`${owner(ancestors, Kind.ENUM_TYPE_DEFINITION)}.${node.name.value}`),
  });
  const unknown = lacking.filter((name) => !met.has(name));
  if (unknown.length > 0) throw new Error(`the GraphQL schema has no ${unknown.join(', ')}`);
  const schema = buildASTSchema(document);
  assertValidSchema(schema);
  completeScalars(schema);
  return schema;
}

/** @throws {Error} where one of these, `Type.field`, is not in the complete schema. */
export function requireFields(names: readonly string[]): void {
  const known = new Set<string>();
  for (const definition of complete.definitions) {
    if (definition.kind !== Kind.OBJECT_TYPE_DEFINITION) continue;
    for (const field of definition.fields ?? []) known.add(`${definition.name.value}.${field.name.value}`);
  }
  const unknown = names.filter((name) => !known.has(name));
  if (unknown.length > 0) throw new Error(`the GraphQL schema has no ${unknown.join(', ')}`);
}
