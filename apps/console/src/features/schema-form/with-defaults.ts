import { createSchemaUtils } from '@rjsf/utils';
import type { JsonObject } from '../../api/json.js';
import { configValidator } from './config-validator.js';
import type { PreparedForm } from './prepare-form.js';

/** A form shows and sends all defaults of its schema, but makes no list items nobody asked for. */
export const defaultsBehavior = {
  emptyObjectFields: 'populateAllDefaults',
  arrayMinItems: { populate: 'requiredOnly' },
} as const;

/** The data as the form shows it first: with the schema's defaults where nothing is set. */
export function withDefaults(form: PreparedForm): JsonObject {
  const utils = createSchemaUtils(configValidator, form.schema, defaultsBehavior);
  const data: unknown = utils.getDefaultFormState(form.schema, form.formData);
  return (data ?? {}) as JsonObject;
}
