import { Button, Tabs } from '@mantine/core';
import { useState } from 'react';
import { useSearchParams } from 'wouter';
import { EmptyState } from '../../layout/empty-state.js';
import { PageHeader } from '../../layout/page-header.js';
import { PagedList } from '../../layout/paged-list.js';
import { FilterFields, OneFilter, useUrlFilter } from '../../layout/url-filter.js';
import { UrlSearch } from '../../layout/url-search.js';
import { useInstances } from '../instances/instances.js';
import { ImportDialog } from './import-dialog.js';
import { MappingDialog } from './mapping-dialog.js';
import { MappingTable } from './mapping-table.js';
import { Suggestions } from './suggestions.js';
import { exportAddress, useMappings } from './user-mappings.js';

export function UserMappingsPage() {
  const [params, setParams] = useSearchParams();
  const [open, setOpen] = useState<'add' | 'import' | undefined>();
  const close = () => setOpen(undefined);
  return (
    <>
      <PageHeader
        title="User mappings"
        description="Who somebody of one instance is on another, so that assignees and mentions find the right person."
        actions={
          <>
            <Button variant="default" component="a" href={exportAddress} download>
              Export CSV
            </Button>
            <Button variant="default" onClick={() => setOpen('import')}>
              Import CSV
            </Button>
            <Button onClick={() => setOpen('add')}>Add mapping</Button>
          </>
        }
      />
      <Tabs
        value={params.get('tab') === 'suggestions' ? 'suggestions' : 'mappings'}
        onChange={(value) => setParams(value === 'suggestions' ? { tab: value } : {}, { replace: true })}
        keepMounted={false}
      >
        <Tabs.List mb="md">
          <Tabs.Tab value="mappings">Mappings</Tabs.Tab>
          <Tabs.Tab value="suggestions">Suggestions</Tabs.Tab>
        </Tabs.List>
        <Tabs.Panel value="mappings">
          <Mappings onAdd={() => setOpen('add')} />
        </Tabs.Panel>
        <Tabs.Panel value="suggestions">
          <Suggestions />
        </Tabs.Panel>
      </Tabs>
      <MappingDialog opened={open === 'add'} onClose={close} />
      <ImportDialog opened={open === 'import'} onClose={close} />
    </>
  );
}

function Mappings({ onAdd }: { onAdd: () => void }) {
  const filter = useUrlFilter(['instanceId', 'q']);
  const instances = useInstances().data ?? [];
  return (
    <>
      <FilterFields label="Filter mappings">
        <UrlSearch filter={filter} placeholder="Part of a username" />
        <OneFilter
          filter={filter}
          name="instanceId"
          label="Instance"
          choices={instances.map(({ id, name }) => ({ value: id, label: name }))}
        />
      </FilterFields>
      <PagedList
        query={useMappings(filter.params)}
        names={['mapping', 'mappings']}
        filtered={filter.params.size > 0}
        empty={
          <EmptyState title="Nobody is mapped yet" action={<Button onClick={onAdd}>Add mapping</Button>}>
            Without a mapping an assignee is left out on the other side, and the run says so. Suggestions show who has
            the same name on both sides.
          </EmptyState>
        }
      >
        {(mappings) => <MappingTable mappings={mappings} instances={instances} />}
      </PagedList>
    </>
  );
}
