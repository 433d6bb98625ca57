import { Group, MultiSelect, Select } from '@mantine/core';
import type { ReactNode } from 'react';
import { useSearchParams } from 'wouter';

const width = { flex: '1 1 10rem', maxWidth: 280 };

/** A filter that lives in the address, so that it can be bookmarked and sent to somebody. */
export interface UrlFilter {
  /** What is asked for, as the API takes it. */
  params: URLSearchParams;
  set: (name: string, values: readonly string[]) => void;
}

/** Reads these parameters of the address and no others. */
export function useUrlFilter(names: readonly string[]): UrlFilter {
  const [all, setAll] = useSearchParams();
  const set = (name: string, values: readonly string[]) =>
    setAll(
      (old) => {
        const next = new URLSearchParams(old);
        next.delete(name);
        for (const value of values) next.append(name, value);
        return next;
      },
      { replace: true },
    );
  return { params: new URLSearchParams([...all].filter(([name]) => names.includes(name))), set };
}

export function FilterFields({ label, children }: { label: string; children: ReactNode }) {
  return (
    <Group mb="md" gap="sm" align="flex-end" role="search" aria-label={label}>
      {children}
    </Group>
  );
}

interface FieldProps<Choice> {
  filter: UrlFilter;
  name: string;
  label: string;
  choices: readonly Choice[];
}

/** One of many, found by typing. */
export function OneFilter({
  filter,
  name,
  label,
  choices,
  placeholder = 'All',
}: FieldProps<{ value: string; label: string }> & { placeholder?: string }) {
  return (
    <Select
      label={label}
      placeholder={placeholder}
      clearable
      searchable
      style={width}
      data={choices}
      value={filter.params.get(name)}
      onChange={(value) => filter.set(name, value === null ? [] : [value])}
    />
  );
}

/** Any of a few. */
export function AnyFilter({ filter, name, label, choices }: FieldProps<string>) {
  return (
    <MultiSelect
      label={label}
      placeholder={filter.params.has(name) ? undefined : 'All'}
      clearable
      style={width}
      data={choices}
      value={filter.params.getAll(name)}
      onChange={(values) => filter.set(name, values)}
    />
  );
}
