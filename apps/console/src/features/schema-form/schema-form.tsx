import { withTheme } from '@rjsf/core';
import { Theme } from '@rjsf/mantine';
import type { ErrorSchema } from '@rjsf/utils';
import type { JsonObject } from '../../api/json.js';
import { configValidator } from './config-validator.js';
import type { PreparedForm } from './prepare-form.js';
import type { FormContext } from './schema-types.js';
import { defaultsBehavior } from './with-defaults.js';
import { AddButton, ArrayTitleTemplate } from './templates/array-templates.js';
import { ErrorTemplate } from './templates/error-template.js';
import { ObjectTemplate } from './templates/object-template.js';
import { CheckboxWidget } from './widgets/checkbox-widget.js';
import { ChoicesWidget } from './widgets/choices-widget.js';
import { DateWidget } from './widgets/date-widget.js';
import { InstanceWidget } from './widgets/instance-widget.js';
import { RemoteWidget } from './widgets/remote-widget.js';
import { SecretWidget } from './widgets/secret-widget.js';
import { SelectWidget } from './widgets/select-widget.js';
import { TagsWidget } from './widgets/tags-widget.js';

const ThemedForm = withTheme(Theme);

const widgets = {
  SelectWidget,
  CheckboxWidget,
  DateWidget,
  instance: InstanceWidget,
  secret: SecretWidget,
  tags: TagsWidget,
  choices: ChoicesWidget,
  remote: RemoteWidget,
};

const templates = {
  ObjectFieldTemplate: ObjectTemplate,
  FieldErrorTemplate: ErrorTemplate,
  ArrayFieldTitleTemplate: ArrayTitleTemplate,
  ButtonTemplates: { AddButton },
};

interface SchemaFormProps {
  form: PreparedForm;
  formData: JsonObject;
  context: FormContext;
  /** What is wrong now, from validation here or from the hub. */
  errors: ErrorSchema;
  onChange: (formData: JsonObject) => void;
}

/**
 * The fields of a JSON Schema, without a form element or buttons of their own: they are a part of the page's form. They
 * show the errors they are given and validate nothing by themselves.
 */
export function SchemaForm({ form, formData, context, errors, onChange }: SchemaFormProps) {
  return (
    <ThemedForm
      tagName="div"
      idPrefix="config"
      schema={form.schema}
      uiSchema={form.uiSchema}
      formData={formData}
      formContext={context}
      validator={configValidator}
      widgets={widgets}
      templates={templates}
      noValidate
      noHtml5Validate
      showErrorList={false}
      extraErrors={errors}
      experimental_defaultFormStateBehavior={defaultsBehavior}
      onChange={(event) => onChange((event.formData ?? {}) as JsonObject)}
    >
      <></>
    </ThemedForm>
  );
}
