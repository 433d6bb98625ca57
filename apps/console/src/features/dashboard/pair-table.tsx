import type { PairStats } from '../../api/sync-types.js';
import type { HealthState } from '../../api/types.js';
import { DataTable } from '../../layout/data-table.js';
import { TextLink } from '../../layout/link.js';
import { Time } from '../../layout/time.js';
import { HealthBadge } from '../connections/health-badge.js';

/** Each pair of systems: whether it works, when it last did, and what waits. */
export function PairTable({ pairs }: { pairs: readonly PairStats[] }) {
  return (
    <DataTable
      minWidth={560}
      rows={pairs.map((pair) => ({ ...pair, id: pair.connectionId }))}
      columns={[
        {
          title: 'Connection',
          breaks: true,
          cell: ({ connectionId, name }) => (
            <TextLink to={`/connections/${connectionId}`} size="sm" fw={600}>
              {name}
            </TextLink>
          ),
        },
        { title: 'State', cell: ({ status }) => <HealthBadge state={asHealth(status)} /> },
        {
          title: 'Open conflicts',
          cell: ({ connectionId, openConflicts }) => (
            <Count value={openConflicts} to={`/conflicts?connectionId=${connectionId}`} />
          ),
        },
        {
          title: 'Set aside',
          cell: ({ connectionId, setAside }) => (
            <Count value={setAside} to={`/connections/${connectionId}?tab=items`} />
          ),
        },
        {
          title: 'Last synced',
          cell: ({ lastSyncedAt }) => (lastSyncedAt ? <Time at={lastSyncedAt} show="only-age" /> : 'Never'),
        },
        {
          title: 'Links',
          hideTitle: true,
          cell: ({ connectionId, name }) => (
            <TextLink to={`/links?connectionId=${connectionId}`} size="sm" aria-label={`Links of ${name}`}>
              Links
            </TextLink>
          ),
        },
      ]}
    />
  );
}

const states: readonly HealthState[] = ['new', 'ok', 'late', 'failing', 'needs_attention', 'paused'];
const asHealth = (status: string): HealthState => states.find((state) => state === status) ?? 'new';

function Count({ value, to }: { value: number; to: string }) {
  return (
    <TextLink to={to} size="sm" fw={value > 0 ? 700 : undefined} c={value > 0 ? 'orange' : 'dimmed'}>
      {value.toLocaleString()}
    </TextLink>
  );
}
