import type { JsonObject } from '@syncline/connector-sdk';
import { Ajv2020, type ErrorObject, type ValidateFunction } from 'ajv/dist/2020.js';
import formats from 'ajv-formats';

/** JSON Schema 2020-12; `x-` keywords are hints for people and forms. Throws for a schema that is none. */
export function compileSchema(schema: object): ValidateFunction {
  const ajv = new Ajv2020({ allErrors: true, strict: false, verbose: true, validateFormats: true });
  formats.default(ajv);
  return ajv.compile(schema);
}

/** A config schema that lists its properties refuses others, unless it says otherwise. */
export function compileConfigSchema(schema: JsonObject): ValidateFunction {
  const open = 'additionalProperties' in schema || 'unevaluatedProperties' in schema;
  return compileSchema(open ? schema : { ...schema, unevaluatedProperties: false });
}

/** Each error once, as a pointer and a sentence's end. Branches of alternatives are summed up by their alternative. */
export function explainErrors(errors: readonly ErrorObject[]): readonly { path: string; message: string }[] {
  const alternatives = errors.filter((error) => ['anyOf', 'oneOf', 'if'].includes(error.keyword));
  const inBranch = (error: ErrorObject): boolean =>
    alternatives.some(
      (alternative) => error !== alternative && error.schemaPath.startsWith(`${alternative.schemaPath}/`),
    );
  const explained = errors.filter((error) => error.keyword !== 'if' && !inBranch(error)).map(explain);
  const unique = new Map(explained.map((error) => [`${error.path} ${error.message}`, error]));
  return [...unique.values()];
}

function explain(error: ErrorObject): { path: string; message: string } {
  const path = error.instancePath;
  const params: Readonly<Record<string, unknown>> = error.params;
  const text = (name: string) => String(params[name]);
  switch (error.keyword) {
    case 'required':
      return { path: path + step(text('missingProperty')), message: 'is required' };
    case 'additionalProperties':
      return { path: path + step(text('additionalProperty')), message: unknownField(error) };
    case 'unevaluatedProperties':
      return { path: path + step(text('unevaluatedProperty')), message: unknownField(error) };
    case 'enum':
      return { path, message: `must be one of ${list(params['allowedValues'])}` };
    case 'const':
      return { path, message: `must be ${JSON.stringify(params['allowedValue'])}` };
    case 'type':
      return { path, message: `must be ${typeName(params['type'])}` };
    case 'format':
      return { path, message: `must be a valid ${text('format')}` };
    case 'pattern':
      return { path, message: wrongForm(error) };
    case 'anyOf':
    case 'oneOf':
      return { path, message: 'fits none of the allowed forms' };
    default:
      return { path, message: error.message ?? 'is invalid' };
  }
}

const step = (name: string): string => `/${name.replaceAll('~', '~0').replaceAll('/', '~1')}`;
const list = (values: unknown): string =>
  Array.isArray(values) ? values.map((value) => JSON.stringify(value)).join(', ') : '';
const withArticle = (name: unknown): string =>
  /^[aeiou]/.test(String(name)) ? `an ${String(name)}` : `a ${String(name)}`;
const typeName = (type: unknown): string =>
  Array.isArray(type) ? type.map(withArticle).join(' or ') : withArticle(type);

/** What the field says to people tells more than its pattern does. */
function wrongForm(error: ErrorObject): string {
  const help: unknown = error.parentSchema?.['x-help'];
  return typeof help === 'string' ? `does not have the right form. ${help}` : (error.message ?? 'is invalid');
}

function unknownField(error: ErrorObject): string {
  const properties: unknown = error.parentSchema?.['properties'];
  const known = typeof properties === 'object' && properties !== null ? Object.keys(properties) : [];
  return known.length === 0 ? 'is not a known field' : `is not a known field; there are ${known.join(', ')}`;
}
