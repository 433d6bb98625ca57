import { Button, Checkbox, Group, Paper, Text, Title } from '@mantine/core';
import { useState } from 'react';
import { useLocation } from 'wouter';
import type { Connection } from '../../api/types.js';
import { ConfirmDialog } from '../../forms/confirm-dialog.js';
import { notifyDone } from '../../layout/notify.js';
import { useDeleteConnection } from './connections.js';

export function DeleteConnection({ connection }: { connection: Connection }) {
  const [opened, setOpened] = useState(false);
  const [purge, setPurge] = useState(false);
  const [, navigate] = useLocation();
  const remove = useDeleteConnection(connection.id);
  return (
    <Paper withBorder p="md" mt="xl">
      <Group justify="space-between">
        <div>
          <Title order={2} size="h5">
            Delete this connection
          </Title>
          <Text size="sm" c="dimmed">
            Nothing is changed at the remote systems.
          </Text>
        </div>
        <Button color="red" variant="light" onClick={() => setOpened(true)}>
          Delete connection
        </Button>
      </Group>
      <ConfirmDialog
        opened={opened}
        title={`Delete ${connection.name}?`}
        confirmLabel="Delete"
        pending={remove.isPending}
        error={remove.error}
        onConfirm={() =>
          remove.mutate(purge, {
            onSuccess: () => {
              notifyDone('Connection deleted.');
              navigate('/connections', { replace: true });
            },
          })
        }
        onClose={() => {
          setOpened(false);
          remove.reset();
        }}
      >
        <Text size="sm">Its settings, schedule and secrets are forgotten. Remote systems are not touched.</Text>
        <Checkbox
          label="Also delete its events and links"
          description="Otherwise they stay on the timeline."
          checked={purge}
          onChange={(event) => setPurge(event.currentTarget.checked)}
        />
      </ConfirmDialog>
    </Paper>
  );
}
