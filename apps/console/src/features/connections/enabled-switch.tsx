import { Switch } from '@mantine/core';
import type { Connection } from '../../api/types.js';
import { notifyError } from '../../layout/notify.js';
import { useSaveConnection } from './connections.js';

export function EnabledSwitch({ connection, labelled = false }: { connection: Connection; labelled?: boolean }) {
  const save = useSaveConnection(connection.id);
  return (
    <Switch
      label={labelled ? 'Enabled' : undefined}
      aria-label={labelled ? undefined : `${connection.name} enabled`}
      checked={save.isPending ? save.variables['enabled'] === true : connection.enabled}
      disabled={save.isPending}
      onChange={(event) =>
        save.mutate(
          { enabled: event.currentTarget.checked },
          { onError: (error) => notifyError(`${connection.name} was not changed`, error) },
        )
      }
    />
  );
}
