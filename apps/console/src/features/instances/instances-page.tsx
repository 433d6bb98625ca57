import { Badge, Table, Text } from '@mantine/core';
import type { Instance } from '../../api/types.js';
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
    <Table.ScrollContainer minWidth={560}>
      <Table verticalSpacing="sm" highlightOnHover>
        <Table.Thead>
          <Table.Tr>
            <Table.Th>Name</Table.Th>
            <Table.Th>Kind</Table.Th>
            <Table.Th>Base URL</Table.Th>
            <Table.Th>Credentials end</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {instances.map((instance) => (
            <Table.Tr key={instance.id}>
              <Table.Td>
                <TextLink to={`/instances/${instance.id}`} fw={600}>
                  {instance.name}
                </TextLink>
                {instance.description && (
                  <Text size="xs" c="dimmed">
                    {instance.description}
                  </Text>
                )}
              </Table.Td>
              <Table.Td>{kinds.find((kind) => kind.kind === instance.kind)?.displayName ?? instance.kind}</Table.Td>
              <Table.Td className="wrap-anywhere">{instance.baseUrl}</Table.Td>
              <Table.Td>
                {instance.expiresAt ? <Expiry at={instance.expiresAt} /> : <Text c="dimmed">Unknown</Text>}
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Table.ScrollContainer>
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
