import { Alert, Button, Text } from '@mantine/core';
import type { MappingSuggestion } from '../../api/sync-types.js';
import { DataTable } from '../../layout/data-table.js';
import { EmptyState } from '../../layout/empty-state.js';
import { notifyDone, notifyError } from '../../layout/notify.js';
import { QueryView } from '../../layout/query-view.js';
import { FilterFields, OneFilter, useUrlFilter } from '../../layout/url-filter.js';
import { useInstances } from '../instances/instances.js';
import { useSaveMapping, useSuggestions } from './user-mappings.js';

/** People of two instances who may be the same; each is taken by a person or not at all. */
export function Suggestions() {
  const filter = useUrlFilter(['source', 'target']);
  const choices = (useInstances().data ?? []).map(({ id, name }) => ({ value: id, label: name }));
  const [source, target] = [filter.params.get('source'), filter.params.get('target')];
  const suggestions = useSuggestions(source, target);
  return (
    <>
      <FilterFields label="Instances to compare">
        <OneFilter filter={filter} name="source" label="Source" placeholder="Choose an instance" choices={choices} />
        <OneFilter filter={filter} name="target" label="Target" placeholder="Choose an instance" choices={choices} />
      </FilterFields>
      {source === null || target === null || source === target ? (
        <EmptyState title="Choose two instances">
          Members of connected projects with the same username or name on both are shown. Nothing is stored until you
          accept it.
        </EmptyState>
      ) : (
        <QueryView query={suggestions} what="the suggestions">
          {({ items, warnings }) => (
            <>
              {warnings.length > 0 && (
                <Alert color="yellow" mb="md" title="Not everything was looked at">
                  {warnings.map((warning) => (
                    <Text key={warning} size="sm">
                      {warning}
                    </Text>
                  ))}
                </Alert>
              )}
              {items.length === 0 ? (
                <EmptyState title="Nobody to suggest">
                  Nobody without a mapping has the same username or name on both instances. Add others by hand.
                </EmptyState>
              ) : (
                <SuggestionTable items={items} source={source} target={target} />
              )}
            </>
          )}
        </QueryView>
      )}
    </>
  );
}

interface SuggestionTableProps {
  items: readonly MappingSuggestion[];
  source: string;
  target: string;
}

function SuggestionTable({ items, source, target }: SuggestionTableProps) {
  return (
    <DataTable
      minWidth={560}
      rows={items.map((item) => ({ ...item, id: `${item.sourceUsername} ${item.targetUsername}` }))}
      columns={[
        {
          title: 'Who',
          cell: ({ sourceUsername, sourceName }) => <Person username={sourceUsername} name={sourceName} />,
        },
        {
          title: 'May be',
          cell: ({ targetUsername, targetName }) => <Person username={targetUsername} name={targetName} />,
        },
        { title: 'Because', cell: ({ equal }) => <Text size="sm">equal {equal}</Text> },
        {
          title: 'Actions',
          hideTitle: true,
          align: 'right',
          cell: (item) => <Accept item={item} source={source} target={target} />,
        },
      ]}
    />
  );
}

function Person({ username, name }: { username: string; name: string }) {
  return (
    <>
      <Text size="sm" fw={600} className="wrap-anywhere">
        {username}
      </Text>
      <Text size="xs" c="dimmed">
        {name}
      </Text>
    </>
  );
}

function Accept({ item, source, target }: { item: MappingSuggestion; source: string; target: string }) {
  const save = useSaveMapping();
  const { sourceUsername, targetUsername } = item;
  return (
    <Button
      size="xs"
      variant="default"
      loading={save.isPending}
      aria-label={`Accept ${sourceUsername} as ${targetUsername}`}
      onClick={() =>
        save.mutate(
          { sourceInstanceId: source, sourceUsername, targetInstanceId: target, targetUsername },
          {
            onSuccess: () => notifyDone(`${sourceUsername} is ${targetUsername}.`),
            onError: (error) => notifyError('Not mapped', error),
          },
        )
      }
    >
      Accept
    </Button>
  );
}
