import { Button, Collapse, Group, MultiSelect, Paper, Select, TagsInput } from '@mantine/core';
import { useState } from 'react';
import type { Connection, EventStats, EventType } from '../../api/types.js';
import { connectionChoices } from '../connections/connections.js';
import { SearchField } from '../../layout/search-field.js';
import { TimeSpanFields } from '../../layout/time-span-fields.js';
import { isFiltered, ranges, type TimelineFilters } from './filters.js';

interface FilterBarProps {
  filters: TimelineFilters;
  types: readonly EventType[];
  connections: readonly Connection[];
  stats?: EventStats;
  /** Seen among the loaded events, to choose from. */
  projects: readonly string[];
  authors: readonly string[];
  onChange: (patch: Partial<TimelineFilters>) => void;
  onClear: () => void;
}

const wide = { flex: '1 1 8rem' };
const customSpan = 'custom';

/** All filters; the rarer ones unfold. What is typed counts as well as what is offered. */
export function FilterBar({
  filters,
  types,
  connections,
  stats,
  projects,
  authors,
  onChange,
  onClear,
}: FilterBarProps) {
  const hidden = filters.project.length + filters.author.length + filters.connection.length + filters.tag.length;
  const [more, setMore] = useState(hidden > 0);
  const isCustom = filters.range === '' && (filters.from !== '' || filters.to !== '');
  const [custom, setCustom] = useState(isCustom);
  const tags = [...new Set([...connections.flatMap((connection) => connection.tags), ...filters.tag])].sort();
  const named = (list: readonly string[]) => (list.length > 0 ? undefined : 'All');

  return (
    <Paper withBorder p="md" mb="md" role="search" aria-label="Filter events">
      <Group align="flex-start" gap="sm">
        <SearchField
          value={filters.q}
          placeholder="Title, description, author, sha"
          onChange={(q) => onChange({ q })}
        />
        <MultiSelect
          label="Type"
          placeholder={named(filters.eventType)}
          style={wide}
          clearable
          data={typeChoices(types, filters.eventType)}
          value={filters.eventType}
          onChange={(eventType) => onChange({ eventType })}
        />
        <TagsInput
          label="Status"
          placeholder={named(filters.status)}
          style={wide}
          clearable
          data={Object.keys(stats?.byStatus ?? {}).sort()}
          value={filters.status}
          onChange={(status) => onChange({ status })}
        />
        <Select
          label="Time"
          style={wide}
          allowDeselect={false}
          data={[
            { value: '', label: 'All time' },
            ...ranges.map(({ value, label }) => ({ value, label })),
            { value: customSpan, label: 'From … to …' },
          ]}
          value={filters.range !== '' ? filters.range : isCustom || custom ? customSpan : ''}
          onChange={(range) => {
            setCustom(range === customSpan);
            onChange({ range: range === customSpan ? '' : (range ?? ''), from: '', to: '' });
          }}
        />
      </Group>
      {(isCustom || (custom && filters.range === '')) && (
        <TimeSpanFields from={filters.from} to={filters.to} onChange={(span) => onChange({ ...span, range: '' })} />
      )}
      <Collapse expanded={more}>
        <Group align="flex-start" gap="sm" mt="sm">
          <TagsInput
            label="Project"
            description="Full path or id"
            placeholder={named(filters.project)}
            style={wide}
            clearable
            data={[...projects]}
            value={filters.project}
            onChange={(project) => onChange({ project })}
          />
          <TagsInput
            label="Author"
            description="User name"
            placeholder={named(filters.author)}
            style={wide}
            clearable
            data={[...authors]}
            value={filters.author}
            onChange={(author) => onChange({ author })}
          />
          <MultiSelect
            label="Connection"
            description="Where it was read"
            placeholder={named(filters.connection)}
            style={wide}
            clearable
            data={connectionChoices(connections)}
            value={filters.connection}
            onChange={(connection) => onChange({ connection })}
          />
          <MultiSelect
            label="Tag"
            description="Of the connection"
            placeholder={named(filters.tag)}
            style={wide}
            clearable
            data={tags}
            value={filters.tag}
            onChange={(tag) => onChange({ tag })}
          />
        </Group>
      </Collapse>
      <Group gap="xs" mt="sm">
        <Button size="xs" variant="default" aria-expanded={more} onClick={() => setMore(!more)}>
          {more ? 'Fewer filters' : `More filters${hidden > 0 ? ` (${hidden})` : ''}`}
        </Button>
        {isFiltered(filters) && (
          <Button size="xs" variant="subtle" onClick={onClear}>
            Clear filters
          </Button>
        )}
      </Group>
    </Paper>
  );
}

/** A chosen type that no connector declares any more stays visible, so that it can be taken away. */
function typeChoices(types: readonly EventType[], chosen: readonly string[]) {
  const unknown = chosen.filter((name) => !types.some((type) => type.name === name));
  return [
    ...types.map((type) => ({ value: type.name, label: type.label })),
    ...unknown.map((name) => ({ value: name, label: name })),
  ];
}
