import { NumberInput, Select, TagsInput, Textarea, TextInput } from '@mantine/core';
import type { JsonValue } from '../../api/json.js';
import type { Conflict } from '../../api/sync-types.js';

type Shape = 'line' | 'text' | 'names' | 'day' | 'number' | 'flag' | 'state';

const shapes: Readonly<Record<string, Shape>> = {
  title: 'line',
  description: 'text',
  state: 'state',
  labels: 'names',
  assignees: 'names',
  milestone: 'line',
  dueDate: 'day',
  confidential: 'flag',
  weight: 'number',
};

/** Fields that connectors add are entered by the shape of the values they have. */
function shapeOf({ field, left, right }: Conflict): Shape {
  const known = shapes[field];
  if (known !== undefined) return known;
  for (const value of [left, right]) {
    if (Array.isArray(value)) return 'names';
    if (typeof value === 'number') return 'number';
    if (typeof value === 'boolean') return 'flag';
    if (typeof value === 'string' && value.includes('\n')) return 'text';
  }
  return 'line';
}

/** A start that is quickly corrected: of sets everything, else the left side's value. */
export function firstValue({ left, right }: Conflict): JsonValue {
  if (!Array.isArray(left) && !Array.isArray(right)) return left;
  const names = [left, right].flatMap((value) => (Array.isArray(value) ? value : []));
  return [...new Set(names)];
}

interface OwnValueProps {
  conflict: Conflict;
  value: JsonValue;
  error?: string;
  onChange: (value: JsonValue) => void;
}

const label = 'Value for both sides';

/** A value that neither side has. An empty field clears it where the field can be cleared. */
export function OwnValue({ conflict, value, error, onChange }: OwnValueProps) {
  const text = typeof value === 'string' || typeof value === 'number' ? String(value) : '';
  const common = { label, error, 'data-autofocus': true };
  switch (shapeOf(conflict)) {
    case 'text':
      return (
        <Textarea
          {...common}
          autosize
          minRows={4}
          maxRows={16}
          value={text}
          onChange={(event) => onChange(event.currentTarget.value)}
        />
      );
    case 'names':
      return (
        <TagsInput
          {...common}
          description="Enter adds a name."
          value={Array.isArray(value) ? value.map(String) : []}
          onChange={onChange}
        />
      );
    case 'day':
      return (
        <TextInput
          {...common}
          type="date"
          value={text}
          onChange={(event) => onChange(event.currentTarget.value === '' ? null : event.currentTarget.value)}
        />
      );
    case 'number':
      return (
        <NumberInput
          {...common}
          min={0}
          value={typeof value === 'number' ? value : ''}
          onChange={(next) => onChange(next === '' ? null : Number(next))}
        />
      );
    case 'flag':
      return (
        <Select
          {...common}
          allowDeselect={false}
          data={[
            { value: 'true', label: 'Yes' },
            { value: 'false', label: 'No' },
          ]}
          value={value === true ? 'true' : 'false'}
          onChange={(next) => onChange(next === 'true')}
        />
      );
    case 'state':
      return <Select {...common} allowDeselect={false} data={['opened', 'closed']} value={text} onChange={onChange} />;
    default:
      return (
        <TextInput
          {...common}
          value={text}
          onChange={(event) => onChange(event.currentTarget.value === '' ? null : event.currentTarget.value)}
        />
      );
  }
}
