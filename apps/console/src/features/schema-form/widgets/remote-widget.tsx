import { Autocomplete, Text } from '@mantine/core';
import type { WidgetProps } from '@rjsf/utils';
import { useState } from 'react';
import type { FormContext } from '../schema-types.js';
import { fieldProps } from './field-props.js';
import { useRemoteChoices } from './remote-choices.js';

/** One text, typed or chosen from what the remote system offers. */
export function RemoteWidget(props: WidgetProps) {
  const { connectionId } = props.registry.formContext as FormContext;
  const [focused, setFocused] = useState(false);
  const value = props.value === undefined || props.value === null ? '' : String(props.value);
  const remote = useRemoteChoices({
    connectionId,
    property: String(props.options['pointer']),
    query: value,
    enabled: focused,
  });
  const field = fieldProps(props);
  return (
    <Autocomplete
      {...field}
      description={
        remote.problem === undefined ? field.description : `${field.description ?? ''} ${remote.problem}`.trim()
      }
      data={remote.choices.map((choice) => choice.value)}
      filter={connectionId === undefined ? undefined : ({ options }) => options}
      renderOption={({ option }) => (
        <Text size="sm">{remote.choices.find((choice) => choice.value === option.value)?.label ?? option.value}</Text>
      )}
      value={value}
      onFocus={() => setFocused(true)}
      onChange={(text) => props.onChange(text === '' ? undefined : text)}
    />
  );
}
