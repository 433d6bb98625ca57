import { Group, Paper, SimpleGrid, Stack, Text, Title } from '@mantine/core';
import { useMemo } from 'react';
import type { ItemLinkDetail, Side } from '../../api/sync-types.js';
import { TextLink } from '../../layout/link.js';
import { PageHeader } from '../../layout/page-header.js';
import { QueryView } from '../../layout/query-view.js';
import { Time } from '../../layout/time.js';
import { ListedConflict } from '../conflicts/conflict-card.js';
import { useConflicts } from '../conflicts/conflicts.js';
import { ConnectionLink } from '../connections/connection-link.js';
import { useConnections } from '../connections/connections.js';
import { RetryItem } from '../items/retry-item.js';
import { LinkHistory } from './link-history.js';
import { LinkStateBadge } from './link-state-badge.js';
import { useLink } from './links.js';
import { keyText, RemoteItem } from './remote-item.js';
import { SeverLink } from './sever-link.js';
import { useSides } from './sides.js';

/** One pair of items: both ends, what waits for a decision, and everything that was done about it. */
export function LinkPage({ id }: { id: string }) {
  return (
    <QueryView query={useLink(id)} what="the link">
      {(link) => <LinkDetails link={link} />}
    </QueryView>
  );
}

function LinkDetails({ link }: { link: ItemLinkDetail }) {
  const connections = useConnections().data ?? [];
  const names = useSides()(link.connectionId);
  const known = link.left ?? link.right;
  const name = known === undefined ? 'Link' : (known.title ?? `${link.kind} ${keyText(known.key)}`);
  const follows = link.state === 'active' || link.state === 'conflicted' || link.state === 'intended';
  return (
    <>
      <PageHeader
        title={name}
        description={
          <Group gap="xs" mt={4}>
            <LinkStateBadge state={link.state} />
            <span>{link.kind}</span>
            <ConnectionLink id={link.connectionId} connections={connections} />
            {link.lastSyncedAt && (
              <span>
                synced <Time at={link.lastSyncedAt} show="only-age" />
              </span>
            )}
          </Group>
        }
        actions={
          <>
            {follows && link.kind === 'issue' && known !== undefined && (
              <RetryItem
                connectionId={link.connectionId}
                item={{ key: known.key, side: link.left === undefined ? 'right' : 'left' }}
                label="Sync it now"
              />
            )}
            {link.state !== 'severed' && <SeverLink link={link} name={name} />}
          </>
        }
      />
      <Stack gap="lg">
        <SimpleGrid cols={{ base: 1, sm: 2 }}>
          {(['left', 'right'] as const).map((side: Side) => (
            <Paper key={side} withBorder p="md" component="section" aria-label={names[side].label}>
              <Title order={2} size="h5" mb={4}>
                {names[side].label}
              </Title>
              <RemoteItem item={link[side]} side={names[side]} />
            </Paper>
          ))}
        </SimpleGrid>
        <LinkConflicts linkId={link.id} />
        <section aria-labelledby="link-history">
          <Group justify="space-between" mb="xs">
            <Title order={2} size="h4" id="link-history">
              History
            </Title>
            {known !== undefined && (
              <TextLink to={`/logs?connectionId=${link.connectionId}&item=${encodeURIComponent(known.key)}`} size="sm">
                Log lines about it
              </TextLink>
            )}
          </Group>
          {link.history.length === 0 ? (
            <Text size="sm" c="dimmed">
              Nothing is recorded yet: decisions, writes and failures appear here with their cause.
            </Text>
          ) : (
            <LinkHistory entries={link.history} names={names} />
          )}
        </section>
      </Stack>
    </>
  );
}

/** What waits for a decision. */
function LinkConflicts({ linkId }: { linkId: string }) {
  const filter = useMemo(() => new URLSearchParams({ linkId, state: 'open' }), [linkId]);
  const conflicts = useConflicts(filter).data?.pages.flatMap((page) => page.items) ?? [];
  if (conflicts.length === 0) return null;
  return (
    <section aria-labelledby="link-conflicts">
      <Title order={2} size="h4" mb="xs" id="link-conflicts">
        Waiting for a decision
      </Title>
      <Stack gap="sm">
        {conflicts.map((conflict) => (
          <ListedConflict key={conflict.id} conflict={conflict} />
        ))}
      </Stack>
    </section>
  );
}
