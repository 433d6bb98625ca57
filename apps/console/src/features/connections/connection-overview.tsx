import { ActionIcon, Code, CopyButton, Group, Paper, Stack, Text, Title } from '@mantine/core';
import type { ReactNode } from 'react';
import type { Connection, Connector } from '../../api/types.js';
import { Icon } from '../../layout/icons.js';
import { TextLink } from '../../layout/link.js';
import { useDashboard } from '../dashboard/dashboard.js';
import { RunTable } from '../runs/run-table.js';
import { useRuns } from '../runs/runs.js';
import { HealthSummary } from './health-summary.js';
import { QueryView } from '../../layout/query-view.js';

/** How a connection fares, and what it did last. */
export function ConnectionOverview({ connection, connector }: { connection: Connection; connector?: Connector }) {
  const runs = useRuns(new URLSearchParams({ connectionId: connection.id, limit: '8' }));
  const can = (capability: string) => connector?.capabilities?.includes(capability) === true;
  return (
    <Stack gap="lg">
      <Paper withBorder p="md" component="section" aria-label="Health">
        <HealthSummary health={connection.health} nextRunAt={connection.nextRunAt} />
      </Paper>
      <section aria-labelledby="recent-runs">
        <Group justify="space-between" mb="xs">
          <Title order={2} size="h4" id="recent-runs">
            Recent runs
          </Title>
          <TextLink to={`/runs?connectionId=${connection.id}`} size="sm">
            All runs
          </TextLink>
        </Group>
        <QueryView query={runs} what="the runs">
          {(data) => {
            const items = data.pages.flatMap((page) => page.items).slice(0, 8);
            return items.length === 0 ? (
              <Text c="dimmed" size="sm">
                No run yet. Press Run now to start one.
              </Text>
            ) : (
              <RunTable runs={items} />
            );
          }}
        </QueryView>
      </section>
      <Group gap="lg" align="stretch">
        {can('events') && (
          <Fact title="Events">
            <TextLink to={`/timeline?connection=${connection.id}`} size="sm">
              Show its events on the timeline
            </TextLink>
          </Fact>
        )}
        {can('links') && <PairFacts connectionId={connection.id} />}
        {can('webhook') && <WebhookAddress connectionId={connection.id} />}
      </Group>
    </Stack>
  );
}

function Fact({ title, children }: { title: string; children: ReactNode }) {
  return (
    <Paper withBorder p="md" component="section" aria-label={title} style={{ flex: '1 1 16rem' }}>
      <Title order={2} size="h5" mb={6}>
        {title}
      </Title>
      {children}
    </Paper>
  );
}

function PairFacts({ connectionId }: { connectionId: string }) {
  const pair = useDashboard().data?.pairs.find((candidate) => candidate.connectionId === connectionId);
  const of = `connectionId=${connectionId}`;
  return (
    <Fact title="Kept in step">
      <Stack gap={2} align="flex-start">
        <TextLink to={`/links?${of}`} size="sm">
          Linked items
        </TextLink>
        <TextLink to={`/conflicts?${of}`} size="sm">
          {counted(pair?.openConflicts, 'open conflict')}
        </TextLink>
        <TextLink to={`/connections/${connectionId}?tab=items`} size="sm">
          {counted(pair?.setAside, 'item')} set aside
        </TextLink>
        <TextLink to={`/logs?${of}&level=warn`} size="sm">
          Warnings of all runs
        </TextLink>
      </Stack>
    </Fact>
  );
}

const counted = (count: number | undefined, name: string): string =>
  count === 1 ? `1 ${name}` : `${count === undefined ? '' : `${count.toLocaleString()} `}${name}s`;

function WebhookAddress({ connectionId }: { connectionId: string }) {
  const url = `${window.location.origin}/webhooks/${connectionId}`;
  return (
    <Fact title="Webhook">
      <Text size="sm" c="dimmed" mb={6}>
        Changes arrive within seconds if the remote system calls this address.{' '}
        <TextLink to={`/deliveries?connectionId=${connectionId}`} size="sm">
          See what it delivered
        </TextLink>
      </Text>
      <Group gap="xs" wrap="nowrap">
        <Code className="wrap-anywhere">{url}</Code>
        <CopyButton value={url}>
          {({ copied, copy }) => (
            <ActionIcon variant="default" onClick={copy} aria-label={copied ? 'Copied' : 'Copy the webhook address'}>
              <Icon name={copied ? 'check' : 'copy'} />
            </ActionIcon>
          )}
        </CopyButton>
      </Group>
    </Fact>
  );
}
