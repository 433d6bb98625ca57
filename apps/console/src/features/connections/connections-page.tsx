import { Badge, Group, Paper, Stack, Text } from '@mantine/core';
import type { Connection, Connector } from '../../api/types.js';
import { EmptyState } from '../../layout/empty-state.js';
import { ButtonLink, TextLink } from '../../layout/link.js';
import { PageHeader } from '../../layout/page-header.js';
import { QueryView } from '../../layout/query-view.js';
import { Time } from '../../layout/time.js';
import { ConnectorLogo } from '../catalog/connector-logo.js';
import { connectorName, useConnectors } from '../catalog/connectors.js';
import { useConnections } from './connections.js';
import { EnabledSwitch } from './enabled-switch.js';
import { HealthBadge } from './health-badge.js';
import { scheduleText } from './schedule-text.js';
import { SyncButtons } from './sync-buttons.js';

export function ConnectionsPage() {
  const connections = useConnections();
  const connectors = useConnectors().data ?? [];
  return (
    <>
      <PageHeader
        title="Connections"
        description="What this hub reads and keeps in step, and how it fares."
        actions={<ButtonLink to="/catalog">New connection</ButtonLink>}
      />
      <QueryView query={connections} what="the connections">
        {(items) =>
          items.length === 0 ? (
            <EmptyState
              title="Nothing is connected yet"
              action={<ButtonLink to="/catalog">Open the catalog</ButtonLink>}
            >
              A connection tells the hub what to read, with which account, and how often. Choose a connector in the
              catalog, test the settings, and its first run starts at once.
            </EmptyState>
          ) : (
            <Stack gap="sm" component="ul" p={0} m={0} style={{ listStyle: 'none' }} aria-label="Connections">
              {items.map((connection) => (
                <ConnectionRow
                  key={connection.id}
                  connection={connection}
                  connector={connectors.find((candidate) => candidate.id === connection.connectorId)}
                />
              ))}
            </Stack>
          )
        }
      </QueryView>
    </>
  );
}

function ConnectionRow({ connection, connector }: { connection: Connection; connector?: Connector }) {
  const { health } = connection;
  return (
    <Paper withBorder p="md" component="li" aria-label={connection.name}>
      <Group gap="md" align="flex-start">
        <ConnectorLogo connector={connector} id={connection.connectorId} size={36} />
        <div style={{ flex: '1 1 13rem', minWidth: 0 }}>
          <Group gap="xs">
            <TextLink to={`/connections/${connection.id}`} fw={600} className="wrap-anywhere">
              {connection.name}
            </TextLink>
            <HealthBadge state={health.state} />
            {health.since && (
              <Text size="xs" c="dimmed">
                since <Time at={health.since} show="only-age" />
              </Text>
            )}
          </Group>
          <Text size="sm" c="dimmed">
            {connectorName(connector, connection.connectorId)} · {scheduleText(connection.schedule)}
            {health.lastSuccessAt && (
              <>
                {' '}
                · last success <Time at={health.lastSuccessAt} show="only-age" />
              </>
            )}
          </Text>
          {health.error && (
            <Text size="sm" mt={4} className="wrap-anywhere">
              <Text span c={health.state === 'ok' ? undefined : 'red'} inherit>
                {health.error.message}
              </Text>{' '}
              {health.error.hint}
            </Text>
          )}
          {connection.tags.length > 0 && (
            <Group gap={6} mt={6}>
              {connection.tags.map((tag) => (
                <Badge key={tag} variant="default" size="sm" tt="none" fw={500}>
                  {tag}
                </Badge>
              ))}
            </Group>
          )}
        </div>
        <Group gap="md">
          <EnabledSwitch connection={connection} />
          <SyncButtons connection={connection} size="xs" />
        </Group>
      </Group>
    </Paper>
  );
}
