import { TextInput } from '@mantine/core';
import type { WidgetProps } from '@rjsf/utils';
import { fieldProps } from './field-props.js';

/** A day, entered and kept as `YYYY-MM-DD`; the browser's own calendar helps. */
export function DateWidget(props: WidgetProps) {
  return (
    <TextInput
      {...fieldProps(props)}
      type="date"
      maw={260}
      value={typeof props.value === 'string' ? props.value : ''}
      onChange={(event) => props.onChange(event.currentTarget.value === '' ? undefined : event.currentTarget.value)}
    />
  );
}
