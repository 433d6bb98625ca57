import { GraphQLEnumType, GraphQLScalarType, type GraphQLSchema, valueFromASTUntyped } from 'graphql';
import { parseGlobalId } from './global-id.js';

/** Gives the scalars of the schema their behaviour; what is not named here passes as it is. */
export function completeScalars(schema: GraphQLSchema): void {
  const time = scalar(schema, 'Time');
  // Whole seconds: app/graphql/types/time_type.rb
  time.serialize = (value) => {
    if (typeof value !== 'number') throw new Error('a time is a number of milliseconds');
    return `${new Date(Math.floor(value)).toISOString().slice(0, 19)}Z`;
  };
  takeInput(time, parseTime);
  scalar(schema, 'BigInt').serialize = String;
  takeInput(scalar(schema, 'ContainerRepositoryID'), (value) => {
    if (parseGlobalId(value, 'ContainerRepository') !== undefined) return value;
    throw new Error(`${JSON.stringify(value)} does not represent an instance of ContainerRepository`);
  });
  // Newer servers know more words than their clients; the simulator takes any, in capitals.
  for (const name of ['PipelineStatusEnum', 'CiJobStatus']) {
    const type = schema.getType(name);
    if (type instanceof GraphQLEnumType) type.serialize = (value) => String(value).toUpperCase();
  }
}

function takeInput(type: GraphQLScalarType, parseValue: (value: unknown) => unknown): void {
  type.parseValue = parseValue;
  type.parseLiteral = (node, variables) => parseValue(valueFromASTUntyped(node, variables));
}

/** Milliseconds of an ISO 8601 time; fractions and offsets are accepted, a bare date is midnight UTC. */
function parseTime(value: unknown): number {
  const match =
    typeof value === 'string'
      ? /^(\d{4}-\d{2}-\d{2})(?:[T ](\d{2}:\d{2}(?::\d{2})?)(\.\d+)?\s?(Z|UTC|[+-]\d{2}:?\d{2})?)?$/.exec(value)
      : null;
  const zone = (match?.[4] ?? 'Z').replace('UTC', 'Z').replace(/^([+-]\d{2})(\d{2})$/, '$1:$2');
  const time = match === null ? Number.NaN : Date.parse(`${match[1] ?? ''}T${match[2] ?? '00:00'}${zone}`);
  if (Number.isNaN(time)) throw new Error(`${JSON.stringify(value)} is not a valid Time`);
  return Math.round((time + Number(match?.[3] ?? 0) * 1000) * 1000) / 1000;
}

function scalar(schema: GraphQLSchema, name: string): GraphQLScalarType {
  const type = schema.getType(name);
  if (type instanceof GraphQLScalarType) return type;
  throw new Error(`the schema has no scalar ${name}`);
}
