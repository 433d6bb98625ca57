import { useMemo, useState } from 'react';
import type { ErrorSchema } from '@rjsf/utils';
import type { JsonObject } from '../../api/json.js';
import type { FieldError } from '../../api/problem.js';
import { mergePatch } from '../../forms/merge-patch.js';
import { findConfigErrors } from './config-validator.js';
import { placeErrors } from './error-paths.js';
import { sentValues } from './form-values.js';
import { prepareForm, type PreparedForm } from './prepare-form.js';
import { withDefaults } from './with-defaults.js';

export interface ConfigForm {
  form: PreparedForm;
  formData: JsonObject;
  change: (formData: JsonObject) => void;
  /** Back to what is stored, after it was saved. */
  reset: () => void;
  version: number;
  /** The whole configuration as it would be sent for a new connection. */
  values: JsonObject;
  /** What a merge patch of the stored configuration must say; empty: unchanged. */
  patch: JsonObject;
  /** True if the stored configuration has secrets that the form leaves as they are. */
  keepsSecrets: boolean;
  errors: ErrorSchema;
  /** Errors of the configuration that belong to no field. */
  otherErrors: readonly FieldError[];
  /** Shows errors; their pointers are relative to the configuration. */
  showErrors: (errors: readonly FieldError[]) => void;
  /** Validates against the connector's schema and shows what is wrong. */
  validate: () => boolean;
}

const none: readonly FieldError[] = [];

/** The state of a connector's configuration form; `config` is the stored one, or `{}`. */
export function useConfigForm(configSchema: JsonObject, config: JsonObject): ConfigForm {
  const form = useMemo(() => prepareForm(configSchema, config), [configSchema, config]);
  const initial = useMemo(() => withDefaults(form), [form]);
  const [formData, setFormData] = useState(initial);
  const [shown, setShown] = useState(none);
  const [base, setBase] = useState(initial);
  const [version, setVersion] = useState(0);
  if (base !== initial) {
    // The stored configuration was saved or read again: start from it.
    setBase(initial);
    setFormData(initial);
    setShown(none);
  }
  const schema = form.schema as JsonObject;
  const values = useMemo(() => sentValues(schema, formData), [schema, formData]);
  const patch = useMemo(() => mergePatch(sentValues(schema, initial), values), [schema, initial, values]);
  const { placed, others } = useMemo(() => placeErrors(schema, shown), [schema, shown]);

  return {
    form,
    formData,
    values,
    patch,
    keepsSecrets: JSON.stringify(form.uiSchema).includes('"stored":{'),
    errors: placed,
    otherErrors: others,
    version,
    reset: () => {
      setFormData(initial);
      setShown(none);
      setVersion((count) => count + 1);
    },
    change: (next) => {
      const changed = mergePatch(formData, next);
      setFormData(next);
      setShown((old) => (old.length === 0 ? old : old.filter((error) => !touches(changed, error.path))));
    },
    showErrors: setShown,
    validate: () => {
      const found = findConfigErrors(form.schema, values);
      setShown(found);
      return found.length === 0;
    },
  };
}

/** Does a change concern the field with this error? An error of a field is over once the field is edited. */
function touches(changed: JsonObject, path: string): boolean {
  let node: unknown = changed;
  for (const part of path.split('/').slice(1)) {
    if (typeof node !== 'object' || node === null || Array.isArray(node)) return true;
    if (!(part in node)) return false;
    node = (node as JsonObject)[part];
  }
  return true;
}
