import { TagsInput, Text } from '@mantine/core';
import type { WidgetProps } from '@rjsf/utils';
import { useState } from 'react';
import type { FormContext } from '../schema-types.js';
import { fieldProps } from './field-props.js';
import { useRemoteChoices } from './remote-choices.js';

/** A list of texts: typed, pasted with commas, or chosen from what the remote system offers. */
export function TagsWidget(props: WidgetProps) {
  const { connectionId } = props.registry.formContext as FormContext;
  const [search, setSearch] = useState('');
  const [focused, setFocused] = useState(false);
  const remote = useRemoteChoices({
    connectionId: props.options['remote'] === true ? connectionId : undefined,
    property: String(props.options['pointer']),
    query: search,
    enabled: focused,
  });
  const value: unknown[] = Array.isArray(props.value) ? props.value : [];
  const field = fieldProps(props);
  return (
    <TagsInput
      {...field}
      description={
        remote.problem === undefined ? field.description : `${field.description ?? ''} ${remote.problem}`.trim()
      }
      placeholder={value.length === 0 ? (field.placeholder ?? 'Type and press Enter') : undefined}
      splitChars={[',', ';', '\n']}
      clearable
      data={remote.choices.map((choice) => choice.value)}
      filter={connectionId === undefined ? undefined : ({ options }) => options}
      renderOption={({ option }) => (
        <div>
          <Text size="sm">{remote.choices.find((choice) => choice.value === option.value)?.label ?? option.value}</Text>
        </div>
      )}
      value={value.map(String)}
      searchValue={search}
      onSearchChange={setSearch}
      onFocus={() => setFocused(true)}
      onChange={(entered) => {
        const tags = splitTags(entered);
        props.onChange(tags.length === 0 ? undefined : props.options['numeric'] === true ? tags.map(asNumber) : tags);
      }}
    />
  );
}

/** A comma separates however the text came in: typed, pasted, or put there by a program. */
function splitTags(tags: readonly string[]): string[] {
  return [...new Set(tags.flatMap((tag) => tag.split(/[,;\n]/)).map((tag) => tag.trim()))].filter((tag) => tag !== '');
}

/** What is no number stays as typed, so that validation can say so. */
function asNumber(text: string): number | string {
  const number = Number(text);
  return Number.isNaN(number) ? text : number;
}
