import { Button, Text } from '@mantine/core';
import { useState } from 'react';
import type { ItemLink } from '../../api/sync-types.js';
import { DataTable } from '../../layout/data-table.js';
import { EmptyState } from '../../layout/empty-state.js';
import { ButtonLink, TextLink } from '../../layout/link.js';
import { PageHeader } from '../../layout/page-header.js';
import { PagedList } from '../../layout/paged-list.js';
import { Time } from '../../layout/time.js';
import { FilterFields, OneFilter, useUrlFilter } from '../../layout/url-filter.js';
import { UrlSearch } from '../../layout/url-search.js';
import { ConnectionLink } from '../connections/connection-link.js';
import { connectionChoices, useConnections } from '../connections/connections.js';
import { LinkStateBadge, linkStateLabel } from './link-state-badge.js';
import { linkKinds, linkStates, useLinks } from './links.js';
import { NewLinkDialog } from './new-link-dialog.js';
import { RemoteItem } from './remote-item.js';
import { useSides } from './sides.js';

const all = 'all';
const kindChoices = [
  ...linkKinds.map((kind) => ({ value: kind, label: kind.charAt(0).toUpperCase() + kind.slice(1) })),
  { value: all, label: 'All kinds' },
];
const stateChoices = linkStates.map((state) => ({ value: state, label: linkStateLabel(state) }));

export function LinksPage() {
  const filter = useUrlFilter(['connectionId', 'kind', 'state', 'q']);
  const connections = useConnections().data ?? [];
  const [adding, setAdding] = useState(false);
  return (
    <>
      <PageHeader
        title="Links"
        description="Pairs of items that are kept in step, newest first."
        actions={<Button onClick={() => setAdding(true)}>Link two items</Button>}
      />
      <FilterFields label="Filter links">
        <UrlSearch filter={filter} placeholder="Title or number" />
        <OneFilter filter={filter} name="connectionId" label="Connection" choices={connectionChoices(connections)} />
        <OneFilter filter={filter} name="kind" label="Kind" placeholder="Issues and refs" choices={kindChoices} />
        <OneFilter filter={filter} name="state" label="State" choices={stateChoices} />
      </FilterFields>
      <PagedList
        query={useLinks(asked(filter.params))}
        names={['link', 'links']}
        filtered={filter.params.size > 0}
        empty={
          <EmptyState
            title="Nothing is linked yet"
            action={<ButtonLink to="/connections">See the connections</ButtonLink>}
          >
            A connection that keeps two systems in step links every item with its copy as it syncs. Items that exist on
            both sides already can be linked by hand.
          </EmptyState>
        }
      >
        {(links) => <LinkTable links={links} />}
      </PagedList>
      <NewLinkDialog
        opened={adding}
        connectionId={filter.params.get('connectionId')}
        onClose={() => setAdding(false)}
      />
    </>
  );
}

/** Comments and labels outnumber what people look for: they are shown on request. */
function asked(params: URLSearchParams): URLSearchParams {
  const api = new URLSearchParams(params);
  if (!api.has('kind')) for (const kind of ['issue', 'ref']) api.append('kind', kind);
  else if (api.get('kind') === all) api.delete('kind');
  return api;
}

function LinkTable({ links }: { links: readonly ItemLink[] }) {
  const sides = useSides();
  const connections = useConnections().data ?? [];
  return (
    <DataTable
      minWidth={760}
      rows={links}
      columns={[
        { title: 'Left', cell: ({ left, connectionId }) => <RemoteItem item={left} side={sides(connectionId).left} /> },
        {
          title: 'Right',
          cell: ({ right, connectionId }) => <RemoteItem item={right} side={sides(connectionId).right} />,
        },
        { title: 'Kind', cell: ({ kind }) => <Text size="sm">{kind}</Text> },
        { title: 'State', cell: ({ state }) => <LinkStateBadge state={state} /> },
        {
          title: 'Connection',
          cell: ({ connectionId }) => <ConnectionLink id={connectionId} connections={connections} />,
        },
        {
          title: 'Synced',
          cell: ({ lastSyncedAt }) => (lastSyncedAt ? <Time at={lastSyncedAt} show="only-age" /> : '–'),
        },
        { title: 'History', hideTitle: true, align: 'right', cell: (link) => <HistoryLink link={link} /> },
      ]}
    />
  );
}

function HistoryLink({ link: { id, left, right } }: { link: ItemLink }) {
  const name = left?.title ?? right?.title ?? left?.key ?? right?.key ?? '';
  return (
    <TextLink to={`/links/${id}`} size="sm" aria-label={`History of ${name}`}>
      History
    </TextLink>
  );
}
