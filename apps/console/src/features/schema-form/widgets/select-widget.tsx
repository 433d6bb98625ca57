import { Select } from '@mantine/core';
import type { WidgetProps } from '@rjsf/utils';
import { humanise } from '../../../layout/humanise.js';
import { fieldProps } from './field-props.js';

/** One of the schema's enum values or titled constants. Not clearable where the schema has a default or needs a value. */
export function SelectWidget(props: WidgetProps) {
  const choices = props.options.enumOptions ?? [];
  const selected = choices.findIndex((choice) => choice.value === props.value);
  return (
    <Select
      {...fieldProps(props)}
      data={choices.map((choice, index) => ({
        value: String(index),
        label: choice.label === String(choice.value) ? humanise(choice.label) : choice.label,
      }))}
      value={selected < 0 ? null : String(selected)}
      clearable={props.required !== true && props.schema.default === undefined}
      allowDeselect={false}
      onChange={(index) => props.onChange(index === null ? undefined : choices[Number(index)]?.value)}
    />
  );
}
