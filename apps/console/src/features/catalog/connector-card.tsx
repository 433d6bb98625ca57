import { Badge, Box, Card, Group, Text, Title } from '@mantine/core';
import type { Connector } from '../../api/types.js';
import { ButtonLink } from '../../layout/link.js';
import { ConnectorLogo } from './connector-logo.js';
import { connectorName } from './connectors.js';

const capabilityLabels: Record<string, string> = {
  events: 'Change events',
  discovery: 'Finds projects',
  webhook: 'Webhooks',
  plan: 'Plan first',
  links: 'Links items',
  conflicts: 'Conflicts',
  items: 'Single items',
};

export function ConnectorCard({ connector }: { connector: Connector }) {
  const name = connectorName(connector);
  const broken = connector.state === 'broken';
  return (
    <Card
      withBorder
      padding="lg"
      component="article"
      aria-label={name}
      style={{
        borderTop: `3px solid ${broken ? 'var(--mantine-color-red-filled)' : (connector.color ?? 'transparent')}`,
      }}
    >
      <Group wrap="nowrap" gap="sm" align="flex-start">
        <ConnectorLogo connector={connector} id={connector.id} />
        <Box style={{ minWidth: 0 }}>
          <Title order={2} size="h4">
            {name}
          </Title>
          <Text size="xs" c="dimmed">
            {connector.id}
            {connector.version === undefined ? '' : ` ${connector.version}`}
          </Text>
        </Box>
        {broken && (
          <Badge color="red" variant="light" ml="auto" tt="none">
            Broken
          </Badge>
        )}
      </Group>
      {broken ? (
        <Text size="sm" mt="sm" c="red" className="wrap-anywhere">
          {connector.reason ?? 'The hub could not load it.'}
        </Text>
      ) : (
        <Text size="sm" mt="sm">
          {connector.description}
        </Text>
      )}
      <Group gap={6} mt="sm">
        {(connector.capabilities ?? []).map((capability) => (
          <Badge key={capability} variant="default" size="sm" tt="none" fw={500}>
            {capabilityLabels[capability] ?? capability}
          </Badge>
        ))}
      </Group>
      {!broken && (
        <Group mt="auto" pt="md">
          <ButtonLink to={`/connections/new/${encodeURIComponent(connector.id)}`} aria-label={`Connect ${name}`}>
            Connect
          </ButtonLink>
        </Group>
      )}
    </Card>
  );
}
