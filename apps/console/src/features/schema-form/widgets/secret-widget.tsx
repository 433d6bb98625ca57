import type { WidgetProps } from '@rjsf/utils';
import type { StoredSecret } from '../../../api/types.js';
import { SecretField } from '../../../forms/secret-field.js';
import { fieldProps } from './field-props.js';

export function SecretWidget(props: WidgetProps) {
  const stored = props.options['stored'] as StoredSecret | undefined;
  const { placeholder: _placeholder, ...field } = fieldProps(props);
  return <SecretField {...field} label={props.label} stored={stored} value={props.value} onChange={props.onChange} />;
}
