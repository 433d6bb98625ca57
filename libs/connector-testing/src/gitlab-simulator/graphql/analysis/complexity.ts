import {
  getArgumentValues,
  getDirectiveValues,
  getNamedType,
  GraphQLError,
  isObjectType,
  SchemaMetaFieldDef,
  TypeMetaFieldDef,
  type FieldNode,
  type GraphQLDirective,
  type GraphQLField,
  type GraphQLObjectType,
  type GraphQLSchema,
  type OperationDefinitionNode,
} from 'graphql';
import { pageMaximum, pageSize } from '../connection/page.js';
import { NodeMemo } from './node-memo.js';
import { selectedFields, type Fragments, type VariableValues } from './selected-fields.js';

/**
 * The score of a query by GitLab's rule: the data does not matter, only what is asked. Fields of a resolver class grow by
 * a hundredth of their cost per row of the page where they are connections. Fields of one response key count once.
 * Source: app/graphql/types/base_field.rb, app/graphql/resolvers/base_resolver.rb
 */
export class Complexity {
  private readonly directive: GraphQLDirective;
  private readonly memo = new NodeMemo<number>();

  constructor(
    private readonly schema: GraphQLSchema,
    private readonly fragments: Fragments,
    private readonly variables: VariableValues,
  ) {
    const directive = schema.getDirective('cost');
    if (directive === undefined || directive === null) throw new Error('the schema has no @cost');
    this.directive = directive;
  }

  score(operation: OperationDefinitionNode): number {
    const root = this.schema.getQueryType();
    return root === null || root === undefined ? 0 : this.children(root, [operation]);
  }

  /** The type follows from the nodes, so that they alone are enough to remember the sum by. */
  private children(type: GraphQLObjectType, parents: readonly (FieldNode | OperationDefinitionNode)[]): number {
    return this.memo.of(parents, () => {
      let sum = 0;
      for (const nodes of selectedFields(parents, this.fragments, this.variables).values()) {
        const [node] = nodes;
        const field = node === undefined ? undefined : fieldOf(type, node.name.value);
        if (node === undefined || field === undefined) continue;
        const target = getNamedType(field.type);
        sum += this.cost(field, node, isObjectType(target) ? this.children(target, nodes) : 0);
      }
      return sum;
    });
  }

  private cost(field: GraphQLField<unknown, unknown>, node: FieldNode, children: number): number {
    const cost = field.astNode === undefined || field.astNode === null ? {} : (this.costOf(field.astNode) ?? {});
    const { fixed, gitaly, resolver, pageMax, dear } = cost;
    if (typeof fixed === 'number') return fixed + children;
    const own = children + 1 + (gitaly === true ? 1 : 0);
    if (resolver !== true) return own;
    const args = this.argumentsOf(field, node);
    const given = (name: string): boolean => args[name] !== undefined && args[name] !== null && args[name] !== false;
    const dearNames = Array.isArray(dear) ? dear.map(String) : [];
    const n =
      own + (given('sort') ? 1 : 0) + (given('search') ? 5 : 0) + 2 * dearNames.filter((name) => given(name)).length;
    if (!getNamedType(field.type).name.endsWith('Connection')) return n;
    const maximum = typeof pageMax === 'number' ? pageMax : pageMaximum;
    const size = pageSize({ first: numberOf(args['first']), last: numberOf(args['last']) }, maximum);
    // In floating point and cut, as there.
    return Math.trunc(n + n * (size * 0.01));
  }

  /** What cannot be read here fails when it is run, at its field. */
  private argumentsOf(field: GraphQLField<unknown, unknown>, node: FieldNode): Readonly<Record<string, unknown>> {
    try {
      return getArgumentValues(field, node, this.variables);
    } catch (error) {
      if (error instanceof GraphQLError) return {};
      throw error;
    }
  }

  private costOf(node: NonNullable<GraphQLField<unknown, unknown>['astNode']>) {
    return getDirectiveValues(this.directive, node);
  }
}

function fieldOf(type: GraphQLObjectType, name: string): GraphQLField<unknown, unknown> | undefined {
  if (name === SchemaMetaFieldDef.name) return SchemaMetaFieldDef;
  if (name === TypeMetaFieldDef.name) return TypeMetaFieldDef;
  return type.getFields()[name];
}

function numberOf(value: unknown): number | null {
  return typeof value === 'number' ? value : null;
}
