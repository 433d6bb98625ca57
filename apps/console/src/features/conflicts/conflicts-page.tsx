import { Checkbox, Stack } from '@mantine/core';
import { useState } from 'react';
import type { Conflict } from '../../api/sync-types.js';
import { EmptyState } from '../../layout/empty-state.js';
import { humanise } from '../../layout/humanise.js';
import { ButtonLink } from '../../layout/link.js';
import { PageHeader } from '../../layout/page-header.js';
import { PagedList } from '../../layout/paged-list.js';
import { FilterFields, OneFilter, useUrlFilter } from '../../layout/url-filter.js';
import { connectionChoices, useConnections } from '../connections/connections.js';
import { ListedConflict } from './conflict-card.js';
import { conflictStates, useConflicts } from './conflicts.js';
import { DecideMany } from './decide-many.js';

const all = 'all';
const fields = [
  'title',
  'description',
  'state',
  'labels',
  'assignees',
  'milestone',
  'dueDate',
  'confidential',
  'weight',
];

export function ConflictsPage() {
  const filter = useUrlFilter(['connectionId', 'state', 'field', 'linkId']);
  const connections = useConnections().data ?? [];
  const [chosen, setChosen] = useState<readonly string[]>([]);
  const api = asked(filter.params);
  return (
    <>
      <PageHeader
        title="Conflicts"
        description="Fields that both sides changed differently. Each waits here for a decision; everything else flows on."
      />
      <FilterFields label="Filter conflicts">
        <OneFilter
          filter={filter}
          name="state"
          label="State"
          placeholder="Open"
          choices={[...conflictStates, { value: all, label: 'All' }]}
        />
        <OneFilter filter={filter} name="connectionId" label="Connection" choices={connectionChoices(connections)} />
        <OneFilter
          filter={filter}
          name="field"
          label="Field"
          choices={fields.map((field) => ({ value: field, label: humanise(field) }))}
        />
      </FilterFields>
      <PagedList
        query={useConflicts(api)}
        names={['conflict', 'conflicts']}
        filtered={filter.params.size > 0}
        empty={
          <EmptyState
            title="No conflict is open"
            action={
              <ButtonLink variant="default" to="/conflicts?state=all">
                Show settled ones
              </ButtonLink>
            }
          >
            Where both sides change the same field of an issue differently before a sync, and the connection is told to
            ask, both values appear here.
          </EmptyState>
        }
      >
        {(conflicts) => <ConflictList conflicts={conflicts} chosen={chosen} onChoose={setChosen} />}
      </PagedList>
    </>
  );
}

/** What waits is what people come for. */
function asked(params: URLSearchParams): URLSearchParams {
  const api = new URLSearchParams(params);
  if (!api.has('state')) api.set('state', 'open');
  else if (api.get('state') === all) api.delete('state');
  return api;
}

interface ConflictListProps {
  conflicts: readonly Conflict[];
  chosen: readonly string[];
  onChoose: (ids: readonly string[]) => void;
}

function ConflictList({ conflicts, chosen, onChoose }: ConflictListProps) {
  const open = conflicts.filter(({ state }) => state === 'open');
  return (
    <>
      {open.length > 1 && (
        <DecideMany shown={open} chosen={open.filter(({ id }) => chosen.includes(id))} onChoose={onChoose} />
      )}
      <Stack gap="sm">
        {conflicts.map((conflict) => (
          <ListedConflict
            key={conflict.id}
            conflict={conflict}
            select={
              open.length > 1 && conflict.state === 'open' ? (
                <Checkbox
                  mt={3}
                  aria-label={`Choose ${humanise(conflict.field)} of ${conflict.leftRef?.title ?? conflict.leftRef?.key ?? 'it'}`}
                  checked={chosen.includes(conflict.id)}
                  onChange={(event) =>
                    onChoose(
                      event.currentTarget.checked
                        ? [...chosen, conflict.id]
                        : chosen.filter((id) => id !== conflict.id),
                    )
                  }
                />
              ) : undefined
            }
          />
        ))}
      </Stack>
    </>
  );
}
