import { MultiSelect } from '@mantine/core';
import type { WidgetProps } from '@rjsf/utils';
import { fieldProps } from './field-props.js';

/** Several of a fixed set of values. */
export function ChoicesWidget(props: WidgetProps) {
  const choices = props.options['choices'] as { value: string; label: string }[];
  const value: unknown[] = Array.isArray(props.value) ? props.value : [];
  return (
    <MultiSelect
      {...fieldProps(props)}
      data={choices}
      clearable
      searchable={choices.length > 8}
      value={value.map(String)}
      onChange={(chosen) => props.onChange(chosen.length === 0 ? undefined : toNumbers(chosen, props))}
    />
  );
}

function toNumbers(values: string[], props: WidgetProps): (string | number)[] {
  return props.options['numeric'] === true ? values.map(Number) : values;
}
