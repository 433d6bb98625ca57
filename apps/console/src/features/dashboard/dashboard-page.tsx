import { Group, Paper, SimpleGrid, Stack, Text, Title } from '@mantine/core';
import type { DashboardStats } from '../../api/sync-types.js';
import type { Connection } from '../../api/types.js';
import { EmptyState } from '../../layout/empty-state.js';
import { ButtonLink, TextLink } from '../../layout/link.js';
import { PageHeader } from '../../layout/page-header.js';
import { QueryView } from '../../layout/query-view.js';
import { Time } from '../../layout/time.js';
import { ConnectionLink } from '../connections/connection-link.js';
import { useConnections } from '../connections/connections.js';
import { Attention } from './attention.js';
import { useDashboard } from './dashboard.js';
import { PairTable } from './pair-table.js';

/** How everything fares: what needs somebody, what is kept in step, what happened. */
export function DashboardPage() {
  const connections = useConnections().data ?? [];
  return (
    <>
      <PageHeader title="Dashboard" description="What needs somebody, what is kept in step, and what happened." />
      <QueryView query={useDashboard()} what="the dashboard">
        {(stats) =>
          stats.connections.total === 0 ? (
            <EmptyState
              title="Nothing is connected yet"
              action={<ButtonLink to="/catalog">Open the catalog</ButtonLink>}
            >
              Connect two trackers to keep their issues in step, or a GitLab to see its changes on the timeline.
            </EmptyState>
          ) : (
            <Stack gap="lg">
              <Numbers stats={stats} />
              <Attention connections={connections} />
              <section aria-labelledby="pairs">
                <Title order={2} size="h4" mb="xs" id="pairs">
                  Kept in step
                </Title>
                {stats.pairs.length === 0 ? (
                  <Text size="sm" c="dimmed">
                    No two systems are kept in step yet. <TextLink to="/catalog">Connect a pair.</TextLink>
                  </Text>
                ) : (
                  <PairTable pairs={stats.pairs} />
                )}
              </section>
              <Activity activity={stats.activity} connections={connections} />
            </Stack>
          )
        }
      </QueryView>
    </>
  );
}

function Numbers({ stats }: { stats: DashboardStats }) {
  const { connections, conflicts, items, links, runs, events } = stats;
  const waiting = stats.pairs.find(({ setAside }) => setAside > 0);
  return (
    <SimpleGrid cols={{ base: 2, xs: 3, md: 6 }} component="section" aria-label="Numbers">
      <Figure
        label="Open conflicts"
        value={conflicts.open}
        to="/conflicts"
        color={conflicts.open > 0 ? 'orange' : undefined}
      />
      <Figure
        label="Items set aside"
        value={items.setAside}
        to={waiting === undefined ? '/connections' : `/connections/${waiting.connectionId}?tab=items`}
        color={items.setAside > 0 ? 'orange' : undefined}
      />
      <Figure
        label="Failing connections"
        value={connections.failing}
        of={connections.enabled}
        to="/connections"
        color={connections.failing > 0 ? 'red' : undefined}
      />
      <Figure label="Issues in step" value={links.issues} to="/links?kind=issue" />
      <Figure
        label="Failed runs, 24 h"
        value={runs.failed24h}
        of={runs.last24h}
        to="/runs?status=failed"
        color={runs.failed24h > 0 ? 'red' : undefined}
      />
      <Figure label="Events, 24 h" value={events.last24h} to="/timeline?range=24h" />
    </SimpleGrid>
  );
}

interface FigureProps {
  label: string;
  value: number;
  /** Out of how many. */
  of?: number;
  to: string;
  color?: string;
}

function Figure({ label, value, of, to, color }: FigureProps) {
  return (
    <Paper withBorder p="sm">
      <Text size="xs" c="dimmed">
        {label}
      </Text>
      <Group gap={6} align="baseline">
        <TextLink to={to} fz="xl" fw={700} c={color} aria-label={`${label}: ${value}`}>
          {value.toLocaleString()}
        </TextLink>
        {of !== undefined && (
          <Text size="xs" c="dimmed">
            of {of.toLocaleString()}
          </Text>
        )}
      </Group>
    </Paper>
  );
}

interface ActivityProps {
  activity: DashboardStats['activity'];
  connections: readonly Connection[];
}

function Activity({ activity, connections }: ActivityProps) {
  return (
    <section aria-labelledby="activity">
      <Group justify="space-between" mb="xs">
        <Title order={2} size="h4" id="activity">
          Activity
        </Title>
        <TextLink to="/logs" size="sm">
          All logs
        </TextLink>
      </Group>
      {activity.length === 0 ? (
        <Text size="sm" c="dimmed">
          No run has changed anything yet.
        </Text>
      ) : (
        <Paper withBorder p="md">
          <Stack gap={6} component="ul" p={0} m={0} style={{ listStyle: 'none' }} aria-labelledby="activity">
            {activity.map(({ at, connectionId, runId, message }) => (
              <Text key={runId} size="sm" component="li" className="wrap-anywhere">
                <ConnectionLink id={connectionId} connections={connections} />: {message}{' '}
                <TextLink to={`/runs/${runId}`} size="xs" c="dimmed">
                  <Time at={at} show="only-age" />
                </TextLink>
              </Text>
            ))}
          </Stack>
        </Paper>
      )}
    </section>
  );
}
