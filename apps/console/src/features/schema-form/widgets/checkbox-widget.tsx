import { Checkbox } from '@mantine/core';
import type { WidgetProps } from '@rjsf/utils';
import { fieldProps } from './field-props.js';

export function CheckboxWidget(props: WidgetProps) {
  const { required: _required, placeholder: _placeholder, ...field } = fieldProps(props);
  return (
    <Checkbox
      {...field}
      checked={props.value === true}
      onChange={(event) => props.onChange(event.currentTarget.checked)}
    />
  );
}
