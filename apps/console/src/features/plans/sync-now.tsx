import { Button } from '@mantine/core';
import { useLocation } from 'wouter';
import type { Connection } from '../../api/types.js';
import { notifyError } from '../../layout/notify.js';
import { useSyncConnection } from '../connections/connections.js';

/** Does what the plan says; goes to the run. */
export function SyncNow({ connection }: { connection: Connection }) {
  const sync = useSyncConnection(connection.id);
  const [, navigate] = useLocation();
  return (
    <Button
      loading={sync.isPending}
      disabled={!connection.enabled}
      title={connection.enabled ? undefined : 'Enable the connection first.'}
      onClick={() =>
        sync.mutate('incremental', {
          onSuccess: ({ runId }) => navigate(`/runs/${runId}`),
          onError: (error) => notifyError(`${connection.name} was not started`, error),
        })
      }
    >
      Sync now
    </Button>
  );
}
