import type { WidgetProps } from '@rjsf/utils';
import type { StoredSecret } from '../../../api/types.js';
import { SecretField } from '../../../forms/secret-field.js';
import type { FormContext } from '../schema-types.js';
import { fieldProps } from './field-props.js';

export function SecretWidget(props: WidgetProps) {
  const stored = props.options['stored'] as StoredSecret | undefined;
  const { placeholder: _placeholder, ...field } = fieldProps(props);
  const { version } = props.registry.formContext as FormContext;
  return (
    <SecretField
      key={version}
      {...field}
      label={props.label}
      stored={stored}
      value={props.value as string | null | undefined}
      onChange={props.onChange}
    />
  );
}
