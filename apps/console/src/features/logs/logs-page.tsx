import { Badge, Button, Group, Paper, Text, TextInput } from '@mantine/core';
import { useState } from 'react';
import { useSearchParams } from 'wouter';
import type { LogEntry } from '../../api/sync-types.js';
import type { Connection } from '../../api/types.js';
import { EmptyState } from '../../layout/empty-state.js';
import { formatClockSeconds } from '../../layout/format-time.js';
import { ButtonLink, TextLink } from '../../layout/link.js';
import { PageHeader } from '../../layout/page-header.js';
import { PagedList } from '../../layout/paged-list.js';
import { Time } from '../../layout/time.js';
import { TimeSpanFields } from '../../layout/time-span-fields.js';
import { FilterFields, OneFilter, useUrlFilter } from '../../layout/url-filter.js';
import { UrlSearch } from '../../layout/url-search.js';
import { ConnectionLink } from '../connections/connection-link.js';
import { connectionChoices, useConnections } from '../connections/connections.js';
import { LevelControl, levelsFrom, parseLevel } from '../runs/log-levels.js';
import { LogLineView } from '../runs/log-line.js';
import { useLogs } from './logs.js';

const filters = ['connectionId', 'item', 'q', 'from', 'to', 'level'];

/** What all runs wrote down, to be searched without knowing which run it was. */
export function LogsPage() {
  const filter = useUrlFilter(filters);
  const [, setParams] = useSearchParams();
  const connections = useConnections().data ?? [];
  const level = parseLevel(filter.params.get('level'));
  const [from, to] = [filter.params.get('from') ?? '', filter.params.get('to') ?? ''];
  const [span, setSpan] = useState(from !== '' || to !== '');
  const api = new URLSearchParams(filter.params);
  api.delete('level');
  for (const name of levelsFrom(level)) api.append('level', name);
  const logs = useLogs(api);
  const live = (logs.data?.pages.length ?? 1) === 1 && logs.error === null;
  return (
    <>
      <PageHeader
        title="Logs"
        description="What all runs wrote down, newest first."
        actions={
          <Badge variant="dot" color={live ? 'teal' : 'gray'} tt="none">
            {live ? 'Live' : 'Standing still'}
          </Badge>
        }
      />
      <FilterFields label="Filter logs">
        <UrlSearch filter={filter} placeholder="Part of a message" />
        <OneFilter filter={filter} name="connectionId" label="Connection" choices={connectionChoices(connections)} />
        <ItemField value={filter.params.get('item') ?? ''} onChange={(item) => filter.set('item', item)} />
        <LevelControl value={level} onChange={(value) => filter.set('level', value === 'info' ? [] : [value])} />
        <Button variant="subtle" size="xs" aria-expanded={span} onClick={() => setSpan(!span)}>
          Time span
        </Button>
        {filter.params.size > 0 && (
          <Button variant="subtle" size="xs" onClick={() => setParams({}, { replace: true })}>
            Clear filters
          </Button>
        )}
      </FilterFields>
      {(span || from !== '' || to !== '') && (
        <Group mb="md">
          <TimeSpanFields
            from={from}
            to={to}
            onChange={(patch) => {
              for (const [name, value] of Object.entries(patch)) filter.set(name, value === '' ? [] : [value]);
            }}
          />
        </Group>
      )}
      <PagedList
        query={logs}
        names={['line', 'lines']}
        filtered={filter.params.size > 0}
        empty={
          <EmptyState
            title="Nothing has been logged yet"
            action={<ButtonLink to="/connections">See the connections</ButtonLink>}
          >
            Every run writes down what it did and what it met. Older lines are removed after some weeks.
          </EmptyState>
        }
      >
        {(lines) => <LogLines lines={lines} connections={connections} />}
      </PagedList>
    </>
  );
}

/** Taken on Enter and when the field is left: a part of a key finds nothing. */
function ItemField({ value, onChange }: { value: string; onChange: (values: readonly string[]) => void }) {
  return (
    <TextInput
      key={value}
      label="Item"
      placeholder="All"
      defaultValue={value}
      style={{ flex: '1 1 6rem', maxWidth: 160 }}
      onBlur={(event) => send(event.currentTarget.value)}
      onKeyDown={(event) => {
        if (event.key === 'Enter') send(event.currentTarget.value);
      }}
    />
  );

  function send(text: string): void {
    const item = text.trim().replace(/^#/, '');
    if (item !== value) onChange(item === '' ? [] : [item]);
  }
}

function LogLines({ lines, connections }: { lines: readonly LogEntry[]; connections: readonly Connection[] }) {
  return (
    <Paper withBorder p="md" role="log" aria-label="Log lines" aria-live="off" className="wide-times">
      {lines.map((line, index) => (
        <LogLineView
          key={lines.length - index}
          line={line}
          time={
            <Text component="span" size="xs" c="dimmed">
              <Time at={line.at} show="only-age" />
              <br />
              {formatClockSeconds(line.at)}
            </Text>
          }
          origin={
            <>
              <ConnectionLink id={line.connectionId} connections={connections} size="xs" />
              {' · '}
              <TextLink to={`/runs/${line.runId}`} size="xs">
                Run
              </TextLink>
            </>
          }
        />
      ))}
    </Paper>
  );
}
