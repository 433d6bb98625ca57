import { Button, Menu } from '@mantine/core';
import { useLocation } from 'wouter';
import type { Connection } from '../../api/types.js';
import { notifyDone, notifyError } from '../../layout/notify.js';
import { useSyncConnection } from './connections.js';

/** Run now, or a full pass; goes to the run. */
export function SyncButtons({ connection, size = 'sm' }: { connection: Connection; size?: 'xs' | 'sm' }) {
  const [, navigate] = useLocation();
  const sync = useSyncConnection(connection.id);
  const start = (mode: 'incremental' | 'full') =>
    sync.mutate(mode, {
      onSuccess: ({ runId, coalesced }) => {
        if (coalesced === true) notifyDone('A run was under way already: this one follows it.');
        navigate(`/runs/${runId}`);
      },
      onError: (error) => notifyError(`${connection.name} was not started`, error),
    });
  const disabled = !connection.enabled;
  return (
    <Button.Group>
      <Button
        size={size}
        disabled={disabled}
        title={disabled ? 'Enable the connection first.' : undefined}
        loading={sync.isPending}
        onClick={() => start('incremental')}
      >
        Run now
      </Button>
      <Menu position="bottom-end" withinPortal>
        <Menu.Target>
          <Button
            size={size}
            px={8}
            disabled={disabled || sync.isPending}
            aria-label={`More ways to run ${connection.name}`}
            style={{ borderLeft: '1px solid rgba(255,255,255,.35)' }}
          >
            ▾
          </Button>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item onClick={() => start('full')}>Full sync: read everything again</Menu.Item>
        </Menu.Dropdown>
      </Menu>
    </Button.Group>
  );
}
