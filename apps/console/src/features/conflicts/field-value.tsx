import { Badge, Group, Text } from '@mantine/core';
import { type JsonValue, jsonText } from '../../api/json.js';

interface FieldValueProps {
  value: JsonValue;
  /** What both sides last agreed on: what differs from it is marked. */
  base?: JsonValue;
  /** What is said of null; absent: that it is empty. */
  none?: string;
}

/** A value of an issue's field. */
export function FieldValue({ value, base, none }: FieldValueProps) {
  if (Array.isArray(value)) return <Names names={value.map(jsonText)} base={namesOf(base)} />;
  if (value === null || value === '') return <Nothing text={value === null ? none : undefined} />;
  if (typeof value === 'boolean') return <Text size="sm">{value ? 'Yes' : 'No'}</Text>;
  const text = jsonText(value);
  if (text.includes('\n')) return <Lines text={text} base={typeof base === 'string' ? base : undefined} />;
  return (
    <Text size="sm" className="wrap-anywhere">
      {text}
    </Text>
  );
}

const Nothing = ({ text = 'Empty' }: { text?: string }) => (
  <Text size="sm" c="dimmed" fs="italic">
    {text}
  </Text>
);

/** Without a base nothing is known to be new. */
const namesOf = (value: JsonValue | undefined): readonly string[] | undefined =>
  Array.isArray(value) ? value.map(jsonText) : undefined;

/** A long name takes several lines: nobody can decide about one that is cut. */
const wholeName = { root: { height: 'auto' }, label: { whiteSpace: 'normal', overflowWrap: 'anywhere' } } as const;

/** A set: what was added since, what is as it was, what was taken away. */
function Names({ names, base }: { names: readonly string[]; base?: readonly string[] }) {
  const removed = base?.filter((name) => !names.includes(name)) ?? [];
  if (names.length === 0 && removed.length === 0) return <Nothing />;
  return (
    <Group gap={4}>
      {names.map((name) => {
        const added = base !== undefined && !base.includes(name);
        return (
          <Badge
            key={name}
            variant={added ? 'light' : 'default'}
            color="teal"
            tt="none"
            fw={500}
            maw="100%"
            styles={wholeName}
          >
            {added ? `+ ${name}` : name}
          </Badge>
        );
      })}
      {removed.map((name) => (
        <Badge
          key={name}
          variant="light"
          color="red"
          tt="none"
          fw={500}
          maw="100%"
          td="line-through"
          styles={wholeName}
        >
          {`− ${name}`}
        </Badge>
      ))}
    </Group>
  );
}

/** A text of several lines; lines that the base does not have stand out. */
function Lines({ text, base }: { text: string; base?: string }) {
  const known = base === undefined ? undefined : new Set(base.split('\n'));
  return (
    <div className="text-value" tabIndex={0}>
      {text.split('\n').map((line, index) => (
        <div key={index} className={known === undefined || known.has(line) || line === '' ? undefined : 'changed-line'}>
          {line === '' ? ' ' : line}
        </div>
      ))}
    </div>
  );
}
