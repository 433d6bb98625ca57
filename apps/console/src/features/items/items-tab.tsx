import { Badge, Stack, Text } from '@mantine/core';
import type { WaitingItem } from '../../api/sync-types.js';
import type { Connection, Connector } from '../../api/types.js';
import { DataTable } from '../../layout/data-table.js';
import { EmptyState } from '../../layout/empty-state.js';
import { ExternalLink } from '../../layout/external-link.js';
import { TextLink } from '../../layout/link.js';
import { PagedList } from '../../layout/paged-list.js';
import { Time } from '../../layout/time.js';
import { useNow } from '../../layout/use-now.js';
import { keyText } from '../links/remote-item.js';
import { sidesOf, type SideNames } from '../links/sides.js';
import { useInstances } from '../instances/instances.js';
import { BringItem } from './bring-item.js';
import { useWaitingItems } from './items.js';
import { RetryItem } from './retry-item.js';

interface ItemsTabProps {
  connection: Connection;
  connector?: Connector;
}

/** Items of a connection that failed and are tried again, and a way to bring one over now. */
export function ItemsTab({ connection, connector }: ItemsTabProps) {
  const names = sidesOf(connection, connector, useInstances().data ?? []);
  const single = connector?.capabilities?.includes('items') === true;
  return (
    <Stack gap="lg">
      {single && <BringItem connection={connection} names={names} />}
      <section aria-label="Items that wait">
        <PagedList
          query={useWaitingItems(connection.id)}
          names={['item', 'items']}
          filtered={false}
          empty={
            <EmptyState title="No item is set aside">
              An item that a remote refuses waits here with its cause, is tried again with growing waits, and holds up
              no other. Nothing waits now.
            </EmptyState>
          }
        >
          {(items) => <ItemTable items={items} connection={connection} names={names} />}
        </PagedList>
      </section>
    </Stack>
  );
}

interface ItemTableProps {
  items: readonly WaitingItem[];
  connection: Connection;
  names: SideNames;
}

function ItemTable({ items, connection, names }: ItemTableProps) {
  const rows = items.map((item) => ({ ...item, id: `${item.state} ${item.stream} ${item.key}` }));
  return (
    <DataTable
      minWidth={680}
      rows={rows}
      columns={[
        { title: 'Item', cell: (item) => <ItemName item={item} names={names} /> },
        { title: 'Cause', cell: (item) => <Cause item={item} /> },
        { title: 'Since', cell: ({ since }) => <Time at={since} show="only-age" /> },
        { title: 'Tries', cell: ({ attempts }) => attempts },
        { title: 'Next try', cell: (item) => <NextTry item={item} enabled={connection.enabled} /> },
        {
          title: 'Actions',
          hideTitle: true,
          align: 'right',
          cell: ({ state, key, stream }) =>
            state === 'set_aside' &&
            connection.enabled && (
              <RetryItem
                size="xs"
                connectionId={connection.id}
                item={stream === 'left' || stream === 'right' ? { key, side: stream } : { key }}
                label="Retry now"
              />
            ),
        },
      ]}
    />
  );
}

function ItemName({ item: { key, stream, title, url, linkId }, names }: { item: WaitingItem; names: SideNames }) {
  const where = stream === 'left' || stream === 'right' ? `in ${names[stream].label}` : stream;
  return (
    <div style={{ minWidth: 0 }}>
      <ExternalLink href={url}>
        {keyText(key)}
        {title !== undefined && ` ${title}`}
      </ExternalLink>
      <Text size="xs" c="dimmed" className="wrap-anywhere">
        {where}
        {linkId !== undefined && (
          <>
            {' · '}
            <TextLink to={`/links/${linkId}`} size="xs">
              Its history
            </TextLink>
          </>
        )}
      </Text>
    </div>
  );
}

function Cause({ item: { state, error } }: { item: WaitingItem }) {
  if (state === 'requested') {
    return (
      <Badge color="blue" variant="light" tt="none">
        Asked for
      </Badge>
    );
  }
  return (
    <div>
      <Text size="sm" className="wrap-anywhere">
        {error?.message ?? 'Unknown'}
      </Text>
      {error?.hint !== undefined && (
        <Text size="xs" c="dimmed" className="wrap-anywhere">
          {error.hint}
        </Text>
      )}
    </div>
  );
}

function NextTry({ item: { nextTryAt }, enabled }: { item: WaitingItem; enabled: boolean }) {
  const now = useNow();
  if (!enabled) return 'When enabled';
  const left = new Date(nextTryAt).getTime() - now;
  if (left <= 0) return 'With the next run';
  return left < 60_000 ? 'Within a minute' : <Time at={nextTryAt} show="only-age" />;
}
