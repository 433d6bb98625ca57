import { createSchemaUtils } from '@rjsf/utils';
import type { JsonObject } from '../../api/json.js';
import { configValidator } from './config-validator.js';
import type { PreparedForm } from './prepare-form.js';

/** Which defaults a form fills in: those that can be seen; no groups or list items nobody asked for. */
export const defaultsBehavior = {
  emptyObjectFields: 'populateRequiredDefaults',
  arrayMinItems: { populate: 'requiredOnly' },
} as const;

/** The data as the form shows it first: with the schema's defaults where nothing is set. */
export function withDefaults(form: PreparedForm): JsonObject {
  const utils = createSchemaUtils(configValidator, form.schema, defaultsBehavior);
  const data: unknown = utils.getDefaultFormState(form.schema, form.formData);
  return (data ?? {}) as JsonObject;
}
