import {
  FieldsOnCorrectTypeRule,
  KnownArgumentNamesRule,
  KnownFragmentNamesRule,
  KnownTypeNamesRule,
  Kind,
  NoUndefinedVariablesRule,
  NoUnusedFragmentsRule,
  NoUnusedVariablesRule,
  print,
  ProvidedRequiredArgumentsRule,
  ScalarLeafsRule,
  ValuesOfCorrectTypeRule,
  VariablesInAllowedPositionRule,
  type ASTNode,
  type GraphQLError,
  type ValidationContext,
  type ValidationRule,
} from 'graphql';
import type { Paths } from './paths.js';

/** An error as GitLab's answers carry it. */
export interface ToldError {
  readonly message: string;
  readonly locations?: readonly { readonly line: number; readonly column: number }[];
  readonly path?: readonly (string | number)[];
  readonly extensions?: Readonly<Record<string, unknown>>;
}

interface Words {
  readonly message: string;
  readonly extensions: Readonly<Record<string, unknown>> & { readonly code: string };
}

interface Finding {
  readonly error: GraphQLError;
  /** The first node that the rule complains about. */
  readonly node: ASTNode;
  /** Knows the types at the place where the rule stands. */
  readonly context: ValidationContext;
  readonly path: readonly string[];
  readonly paths: Paths;
}

/**
 * What GitLab's library says where ours says it differently. Clients go by the extensions.
 * Source: rmosolgo/graphql-ruby, lib/graphql/static_validation/rules
 */
const wordings = new Map<ValidationRule, (finding: Finding) => Words>([
  [
    FieldsOnCorrectTypeRule,
    ({ error, node, context }) => {
      const typeName = context.getParentType()?.name ?? '';
      const fieldName = nameOf(node);
      return {
        message: `Field '${fieldName}' doesn't exist on type '${typeName}'${hintOf(error)}`,
        extensions: { code: 'undefinedField', typeName, fieldName },
      };
    },
  ],
  [
    KnownArgumentNamesRule,
    ({ error, node, context }) => {
      const name = context.getFieldDef()?.name ?? context.getDirective()?.name ?? '';
      const typeName = context.getDirective() === null || context.getDirective() === undefined ? 'Field' : 'Directive';
      const argumentName = nameOf(node);
      return {
        message: `${typeName} '${name}' doesn't accept argument '${argumentName}'${hintOf(error)}`,
        extensions: { code: 'argumentNotAccepted', name, typeName, argumentName },
      };
    },
  ],
  [
    ValuesOfCorrectTypeRule,
    ({ node, context }) => {
      const argument = context.getArgument();
      const name = context.getFieldDef()?.name ?? '';
      const argumentName = argument?.name ?? '';
      return {
        message: `Argument '${argumentName}' on Field '${name}' has an invalid value (${print(node)}). Expected type '${String(argument?.type)}'.`,
        extensions: { code: 'argumentLiteralsIncompatible', typeName: 'Field', argumentName },
      };
    },
  ],
  [
    ProvidedRequiredArgumentsRule,
    ({ node, context }) => {
      const given = node.kind === Kind.FIELD ? (node.arguments ?? []).map(nameOf) : [];
      const missing = (context.getFieldDef()?.args ?? [])
        .filter(
          ({ name, type, defaultValue }) =>
            String(type).endsWith('!') && defaultValue === undefined && !given.includes(name),
        )
        .map(({ name }) => name)
        .join(', ');
      return {
        message: `Field '${nameOf(node)}' is missing required arguments: ${missing}`,
        extensions: { code: 'missingRequiredArguments', className: 'Field', name: nameOf(node), arguments: missing },
      };
    },
  ],
  [
    ScalarLeafsRule,
    ({ node, context }) => {
      const nodeName = `field '${nameOf(node)}'`;
      const typeName = String(context.getType()).replace(/[![\]]/g, '');
      const leaf = node.kind === Kind.FIELD && node.selectionSet !== undefined;
      const message = leaf
        ? `Selections can't be made on scalars (${nodeName} returns ${typeName} but has selections)`
        : `Field must have selections (${nodeName} returns ${typeName} but has no selections. Did you mean '${nameOf(node)} { ... }'?)`;
      return { message, extensions: { code: 'selectionMismatch', nodeName, typeName } };
    },
  ],
  [
    VariablesInAllowedPositionRule,
    ({ error, paths }) => {
      const [, variableName = '', typeName = '', wanted = ''] =
        /^Variable "\$(.+)" of type "(.+)" used in position expecting type "(.+)"\.$/.exec(error.message) ?? [];
      const used = error.nodes?.[1];
      const argumentName = (used === undefined ? undefined : paths.get(used))?.at(-1) ?? '';
      return {
        message: `Type mismatch on variable $${variableName} and argument ${argumentName} (${typeName} / ${wanted})`,
        extensions: { code: 'variableMismatch', variableName, typeName, argumentName, errorMessage: 'Type mismatch' },
      };
    },
  ],
  [
    NoUnusedVariablesRule,
    ({ node, path }) => {
      const variableName = node.kind === Kind.VARIABLE_DEFINITION ? node.variable.name.value : '';
      return {
        message: `Variable $${variableName} is declared by ${operationName(path)} but not used`,
        extensions: { code: 'variableNotUsed', variableName },
      };
    },
  ],
  [
    NoUndefinedVariablesRule,
    ({ node, path }) => {
      const variableName = nameOf(node);
      return {
        message: `Variable $${variableName} is used by ${operationName(path)} but not declared`,
        extensions: { code: 'variableNotDefined', variableName },
      };
    },
  ],
  [
    NoUnusedFragmentsRule,
    ({ node }) => ({
      message: `Fragment ${nameOf(node)} was defined, but not used`,
      extensions: { code: 'useAndDefineFragment', fragmentName: nameOf(node) },
    }),
  ],
  [
    KnownFragmentNamesRule,
    ({ node }) => ({
      message: `Fragment ${nameOf(node)} was used, but not defined`,
      extensions: { code: 'useAndDefineFragment', fragmentName: nameOf(node) },
    }),
  ],
  [
    KnownTypeNamesRule,
    ({ node, context }) => {
      const typeName = nameOf(node);
      const variableName = variableOf(node, context);
      return variableName === undefined
        ? {
            message: `No such type ${typeName}, so it can't be a fragment condition`,
            extensions: { code: 'undefinedType', typeName },
          }
        : {
            message: `${typeName} isn't a defined input type (on $${variableName})`,
            extensions: { code: 'variableRequiresValidType', typeName, variableName },
          };
    },
  ],
]);

/** The error of a rule as GitLab would tell it; where GitLab's words are not known, in the rule's own. */
export function translate(
  rule: ValidationRule,
  error: GraphQLError,
  context: ValidationContext,
  paths: Paths,
): ToldError {
  const node = error.nodes?.[0];
  const path = (node === undefined ? undefined : paths.get(node)) ?? [];
  const wording = node === undefined ? undefined : wordings.get(rule);
  const words = node === undefined ? undefined : wording?.({ error, node, context, path, paths });
  const locations = (error.locations ?? []).map(({ line, column }) => ({ line, column }));
  return {
    message: words?.message ?? error.message,
    locations,
    path,
    ...(words === undefined ? {} : { extensions: words.extensions }),
  };
}

/** ` (Did you mean `title`?)`, as newer servers say. */
function hintOf(error: GraphQLError): string {
  const names = [...(/Did you mean (.+)\?$/.exec(error.message)?.[1] ?? '').matchAll(/"(\w+)"/g)];
  const [first, ...others] = names.map(([, name]) => `\`${name ?? ''}\``).reverse();
  if (first === undefined) return '';
  return ` (Did you mean ${others.length === 0 ? first : `${others.reverse().join(', ')} or ${first}`}?)`;
}

function nameOf(node: ASTNode): string {
  return 'name' in node && node.name !== undefined ? node.name.value : '';
}

function operationName(path: readonly string[]): string {
  return path[0]?.split(' ')[1] ?? 'anonymous query';
}

/** The variable whose declared type this node is. */
function variableOf(node: ASTNode, context: ValidationContext): string | undefined {
  for (const definition of context.getDocument().definitions) {
    if (definition.kind !== Kind.OPERATION_DEFINITION) continue;
    for (const { type, variable } of definition.variableDefinitions ?? []) {
      let inner = type;
      while (inner.kind !== Kind.NAMED_TYPE) inner = inner.type;
      if (inner === node) return variable.name.value;
    }
  }
  return undefined;
}
