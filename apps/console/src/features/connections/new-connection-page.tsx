import { Group } from '@mantine/core';
import { useLocation } from 'wouter';
import { EmptyState } from '../../layout/empty-state.js';
import { ButtonLink } from '../../layout/link.js';
import { notifyDone } from '../../layout/notify.js';
import { PageHeader } from '../../layout/page-header.js';
import { QueryView } from '../../layout/query-view.js';
import { ConnectorLogo } from '../catalog/connector-logo.js';
import { connectorName, useConnectors } from '../catalog/connectors.js';
import { ConnectionForm } from './connection-form.js';

export function NewConnectionPage({ connectorId }: { connectorId: string }) {
  const connectors = useConnectors();
  const [, navigate] = useLocation();
  return (
    <QueryView query={connectors} what="the catalog">
      {(items) => {
        const connector = items.find((candidate) => candidate.id === connectorId);
        if (connector === undefined || connector.state === 'broken') {
          return (
            <>
              <PageHeader title="New connection" />
              <EmptyState
                title={connector === undefined ? 'There is no such connector' : 'This connector is broken'}
                action={<ButtonLink to="/catalog">See the catalog</ButtonLink>}
              >
                {connector?.reason ?? `Nothing called ${connectorId} is installed in this hub.`}
              </EmptyState>
            </>
          );
        }
        const name = connectorName(connector);
        return (
          <>
            <PageHeader
              title={`New ${name} connection`}
              heading={
                <Group gap="sm" wrap="nowrap">
                  <ConnectorLogo connector={connector} id={connector.id} size={32} />
                  New {name} connection
                </Group>
              }
              description={connector.description}
            />
            <ConnectionForm
              connector={connector}
              submitLabel="Create connection"
              onSaved={(connection) => {
                notifyDone('Connection created.');
                navigate(`/connections/${connection.id}`, { replace: true });
              }}
              actions={
                <ButtonLink to="/catalog" variant="subtle" color="gray">
                  Cancel
                </ButtonLink>
              }
            />
          </>
        );
      }}
    </QueryView>
  );
}
