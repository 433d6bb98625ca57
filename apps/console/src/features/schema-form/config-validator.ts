import { type OutputUnit, type Schema, Validator } from '@cfworker/json-schema';
import {
  createErrorHandler,
  type CustomValidator,
  type ErrorTransformer,
  type RJSFSchema,
  type RJSFValidationError,
  toErrorSchema,
  type UiSchema,
  unwrapErrorHandler,
  type ValidationData,
  validationDataMerge,
  type ValidatorType,
} from '@rjsf/utils';
import type { JsonObject } from '../../api/json.js';
import type { FieldError } from '../../api/problem.js';
import { parsePointer } from './error-paths.js';
import { explain } from './explain-error.js';

type FormData = Record<string, unknown>;

/** Keywords that only say that something below or beside them is wrong; that something is reported by itself. */
const containers = new Set([
  'properties',
  'patternProperties',
  'items',
  'prefixItems',
  'allOf',
  '$ref',
  '$dynamicRef',
  'if',
  'dependentSchemas',
  'dependencies',
]);

/**
 * Validates forms with an interpreter of JSON Schema 2020-12. The usual validator compiles schemas to code at run time,
 * which the hub's content security policy (no `unsafe-eval`) forbids.
 */
class ConfigValidator implements ValidatorType<FormData, RJSFSchema> {
  private readonly validators = new WeakMap<object, Validator>();

  validateFormData(
    formData: FormData | undefined,
    schema: RJSFSchema,
    customValidate?: CustomValidator<FormData, RJSFSchema>,
    transformErrors?: ErrorTransformer<FormData, RJSFSchema>,
    uiSchema?: UiSchema<FormData, RJSFSchema>,
  ): ValidationData<FormData> {
    const found = this.find(schema, formData).map(toFormError);
    const errors = transformErrors ? transformErrors(found, uiSchema) : found;
    const data: ValidationData<FormData> = { errors, errorSchema: toErrorSchema(errors) };
    if (!customValidate) return data;
    const handler = customValidate(formData, createErrorHandler(formData ?? {}), uiSchema, data.errorSchema);
    return validationDataMerge(data, unwrapErrorHandler(handler));
  }

  isValid(schema: RJSFSchema, formData: FormData | undefined, rootSchema: RJSFSchema): boolean {
    const refs = { $defs: rootSchema.$defs, definitions: rootSchema.definitions };
    const validator = schema === rootSchema ? this.validator(schema) : compile({ ...refs, ...schema });
    return validator.validate(plain(formData)).valid;
  }

  rawValidation<Result>(schema: RJSFSchema, formData?: FormData): { errors?: Result[]; validationError?: Error } {
    return { errors: this.validator(schema).validate(plain(formData)).errors as Result[] };
  }

  /** Everything that is wrong, by JSON Pointer of the field, in words for its user. */
  find(schema: RJSFSchema, formData: FormData | undefined): FieldError[] {
    return leafErrors(this.validator(schema).validate(plain(formData)).errors).map((unit) => ({
      path: pointerOf(unit),
      message: explain(unit, schema as JsonObject),
    }));
  }

  private validator(schema: RJSFSchema): Validator {
    const known = this.validators.get(schema);
    if (known !== undefined) return known;
    const made = compile(schema);
    this.validators.set(schema, made);
    return made;
  }
}

const validator = new ConfigValidator();

/** For the form renderer. */
export const configValidator: ValidatorType = validator as ValidatorType;

/** For the page: what is wrong with a configuration. */
export function findConfigErrors(schema: RJSFSchema, config: JsonObject): FieldError[] {
  return validator.find(schema, config);
}

/** The validator marks the schema it is given, so it gets its own copy; all errors are wanted, not the first. */
function compile(schema: RJSFSchema): Validator {
  return new Validator(structuredClone(schema) as Schema, '2020-12', false);
}

/** As the data is sent: a key whose value is undefined is no key. */
function plain(formData: FormData | undefined): unknown {
  return formData === undefined ? {} : JSON.parse(JSON.stringify(formData));
}

/** Errors to act on: not the containers around them, and of alternatives only that none fits. */
function leafErrors(units: readonly OutputUnit[]): OutputUnit[] {
  const alternatives = units.filter((unit) => unit.keyword === 'anyOf' || unit.keyword === 'oneOf');
  return units.filter(
    (unit) =>
      !containers.has(unit.keyword) &&
      !alternatives.some((outer) => outer !== unit && unit.keywordLocation.startsWith(`${outer.keywordLocation}/`)),
  );
}

/** A missing property is reported at its parent; people look for the message at the field itself. */
function pointerOf(unit: OutputUnit): string {
  const pointer = unit.instanceLocation.replace(/^#/, '');
  if (unit.keyword !== 'required' && unit.keyword !== 'dependentRequired') return pointer;
  const missing = /"([^"]*)"\.$/.exec(unit.error)?.[1];
  return missing === undefined ? pointer : `${pointer}/${missing.replaceAll('~', '~0').replaceAll('/', '~1')}`;
}

function toFormError({ path, message }: FieldError): RJSFValidationError {
  const property = parsePointer(path)
    .map((part) => (/^[\w$]+$/.test(part) ? `.${part}` : `[${JSON.stringify(part)}]`))
    .join('');
  return { property, message, stack: `${property} ${message}` };
}
