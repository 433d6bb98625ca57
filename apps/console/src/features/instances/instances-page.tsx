import { Badge, Text } from '@mantine/core';
import type { Instance } from '../../api/types.js';
import { DataTable } from '../../layout/data-table.js';
import { EmptyState } from '../../layout/empty-state.js';
import { ButtonLink, TextLink } from '../../layout/link.js';
import { PageHeader } from '../../layout/page-header.js';
import { QueryView } from '../../layout/query-view.js';
import { Time } from '../../layout/time.js';
import { useNow } from '../../layout/use-now.js';
import { allInstanceKinds, useConnectors } from '../catalog/connectors.js';
import { useInstances } from './instances.js';

export function InstancesPage() {
  const instances = useInstances();
  return (
    <>
      <PageHeader
        title="Instances"
        description="The systems this hub talks to: an address and the credentials for it. Connections use them."
        actions={<ButtonLink to="/instances/new">New instance</ButtonLink>}
      />
      <QueryView query={instances} what="the instances">
        {(items) =>
          items.length === 0 ? (
            <EmptyState title="No instances yet" action={<ButtonLink to="/instances/new">New instance</ButtonLink>}>
              An instance is one server with one account, such as gitlab.com and an access token. Several connections
              can share it, and its credentials are changed in one place.
            </EmptyState>
          ) : (
            <InstanceTable instances={items} />
          )
        }
      </QueryView>
    </>
  );
}

function InstanceTable({ instances }: { instances: Instance[] }) {
  const kinds = allInstanceKinds(useConnectors().data ?? []);
  return (
    <DataTable
      minWidth={560}
      rows={instances}
      columns={[
        { title: 'Name', cell: (instance) => <NameCell instance={instance} /> },
        {
          title: 'Kind',
          cell: ({ kind: name }) => kinds.find(({ kind }) => kind === name)?.displayName ?? name,
        },
        { title: 'Base URL', breaks: true, cell: ({ baseUrl }) => baseUrl },
        {
          title: 'Credentials end',
          cell: ({ expiresAt }) =>
            expiresAt ? (
              <Expiry at={expiresAt} />
            ) : (
              <Text size="sm" c="dimmed">
                Unknown
              </Text>
            ),
        },
      ]}
    />
  );
}

function NameCell({ instance: { id, name, description } }: { instance: Instance }) {
  return (
    <>
      <TextLink to={`/instances/${id}`} size="sm" fw={600}>
        {name}
      </TextLink>
      {description && (
        <Text size="xs" c="dimmed">
          {description}
        </Text>
      )}
    </>
  );
}

/** Weeks of warning: red when over, yellow in the last three weeks. */
function Expiry({ at }: { at: string }) {
  const left = new Date(at).getTime() - useNow();
  if (left > 21 * 86_400_000) return <Time at={at} show="only-age" />;
  return (
    <Badge color={left < 0 ? 'red' : 'yellow'} variant="light" tt="none">
      {left < 0 ? 'Ended ' : ''}
      <Time at={at} show="only-age" />
    </Badge>
  );
}
