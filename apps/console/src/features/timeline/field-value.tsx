import { Anchor, Badge, Code, Group, List, Text } from '@mantine/core';
import { isJsonObject, jsonText, type JsonObject, type JsonValue } from '../../api/json.js';
import type { EventField } from '../../api/types.js';
import { formatDuration } from '../../layout/format-time.js';
import { humanise } from '../../layout/humanise.js';
import { Time } from '../../layout/time.js';

/** A value of an event's metadata, drawn by the type its connector declares for it, and by its shape where it declares none. */
export function FieldValue({ field, value }: { field: EventField; value: JsonValue }) {
  if (Array.isArray(value)) return <ListValue values={value} />;
  if (isJsonObject(value)) return <ObjectValue value={value} />;
  if (typeof value === 'boolean') return <>{value ? 'Yes' : 'No'}</>;
  const text = String(value);
  switch (field.type) {
    case 'datetime':
    case 'date-time':
    case 'date':
    case 'time':
      return Number.isNaN(new Date(text).getTime()) ? <>{text}</> : <Time at={text} />;
    case 'duration':
    case 'seconds':
      return <>{typeof value === 'number' ? formatDuration(value * 1000) : text}</>;
    case 'bytes':
      return <>{typeof value === 'number' ? formatBytes(value) : text}</>;
    case 'url':
      return /^https?:\/\//.test(text) ? (
        <Anchor href={text} target="_blank" rel="noopener noreferrer" size="sm" className="wrap-anywhere">
          {text}
        </Anchor>
      ) : (
        <>{text}</>
      );
    case 'sha':
    case 'digest':
    case 'code':
    case 'ref':
      return <Code className="wrap-anywhere">{text}</Code>;
    default:
      return <>{text}</>;
  }
}

const shownItems = 20;

function ListValue({ values }: { values: readonly JsonValue[] }) {
  const shown = values.slice(0, shownItems);
  const rest = values.length - shown.length;
  const simple = values.every((value) => !isJsonObject(value) && !Array.isArray(value));
  const more = rest > 0 && (
    <Text size="xs" c="dimmed">
      and {rest.toLocaleString()} more
    </Text>
  );
  if (simple) {
    return (
      <Group gap={4}>
        {shown.map((value, index) => (
          <Badge key={index} variant="default" size="sm" tt="none" fw={500} style={{ maxWidth: '100%' }}>
            {jsonText(value)}
          </Badge>
        ))}
        {more}
      </Group>
    );
  }
  return (
    <List size="sm">
      {shown.map((value, index) => (
        <List.Item key={index}>{isJsonObject(value) ? <ObjectValue value={value} /> : jsonText(value)}</List.Item>
      ))}
      {more}
    </List>
  );
}

const isoTime = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d/;

/** A group of values: its name first, as a link if it has an address, then the others that say something. */
function ObjectValue({ value }: { value: JsonObject }) {
  const { name, url, ...others } = value;
  const told = Object.entries(others).filter(
    ([, inner]) => inner !== null && inner !== undefined && inner !== '' && inner !== false,
  );
  const link = typeof url === 'string' && /^https?:\/\//.test(url) ? url : undefined;
  const title = name === undefined || name === null ? link : jsonText(name);
  return (
    <>
      {link === undefined ? (
        title !== undefined && <strong>{title}</strong>
      ) : (
        <Anchor href={link} target="_blank" rel="noopener noreferrer" size="sm" className="wrap-anywhere">
          {title}
        </Anchor>
      )}
      {told.map(([key, inner], index) => (
        <span key={key}>
          {index > 0 || title !== undefined ? ' · ' : ''}
          <Text span c="dimmed" size="sm">
            {humanise(key)}:
          </Text>{' '}
          {typeof inner === 'string' && isoTime.test(inner) ? <Time at={inner} /> : jsonText(inner)}
        </span>
      ))}
    </>
  );
}

function formatBytes(bytes: number): string {
  const units = ['B', 'kB', 'MB', 'GB', 'TB'];
  let size = bytes;
  let unit = 0;
  while (size >= 1000 && unit < units.length - 1) {
    size /= 1000;
    unit += 1;
  }
  return `${size >= 100 || unit === 0 ? Math.round(size) : size.toFixed(1)} ${units[unit]}`;
}
