import { Button, Group, Text } from '@mantine/core';
import { useState } from 'react';
import type { UserMapping } from '../../api/sync-types.js';
import type { Instance } from '../../api/types.js';
import { ConfirmDialog } from '../../forms/confirm-dialog.js';
import { DataTable } from '../../layout/data-table.js';
import { notifyDone } from '../../layout/notify.js';
import { Time } from '../../layout/time.js';
import { MappingDialog } from './mapping-dialog.js';
import { useDeleteMapping } from './user-mappings.js';

interface MappingTableProps {
  mappings: readonly UserMapping[];
  instances: readonly Instance[];
}

export function MappingTable({ mappings, instances }: MappingTableProps) {
  const nameOf = (id: string) => instances.find((instance) => instance.id === id)?.name ?? 'Unknown instance';
  return (
    <DataTable
      minWidth={600}
      rows={mappings}
      columns={[
        {
          title: 'Who',
          cell: (mapping) => <User name={mapping.sourceUsername} instance={nameOf(mapping.sourceInstanceId)} />,
        },
        {
          title: 'Is',
          cell: (mapping) => <User name={mapping.targetUsername} instance={nameOf(mapping.targetInstanceId)} />,
        },
        { title: 'Changed', cell: ({ updatedAt }) => <Time at={updatedAt} show="only-age" /> },
        { title: 'Actions', hideTitle: true, align: 'right', cell: (mapping) => <Actions mapping={mapping} /> },
      ]}
    />
  );
}

function User({ name, instance }: { name: string; instance: string }) {
  return (
    <>
      <Text size="sm" fw={600} className="wrap-anywhere">
        {name}
      </Text>
      <Text size="xs" c="dimmed">
        {instance}
      </Text>
    </>
  );
}

function Actions({ mapping }: { mapping: UserMapping }) {
  const [open, setOpen] = useState<'edit' | 'delete' | undefined>();
  const remove = useDeleteMapping(mapping.id);
  const close = () => {
    setOpen(undefined);
    remove.reset();
  };
  return (
    <Group gap="xs" justify="flex-end" wrap="nowrap">
      <Button size="xs" variant="default" aria-label={`Edit ${mapping.sourceUsername}`} onClick={() => setOpen('edit')}>
        Edit
      </Button>
      <Button
        size="xs"
        variant="subtle"
        color="red"
        aria-label={`Delete ${mapping.sourceUsername}`}
        onClick={() => setOpen('delete')}
      >
        Delete
      </Button>
      <MappingDialog opened={open === 'edit'} mapping={mapping} onClose={close} />
      <ConfirmDialog
        opened={open === 'delete'}
        title={`Delete the mapping of ${mapping.sourceUsername}?`}
        confirmLabel="Delete"
        pending={remove.isPending}
        error={remove.error}
        onConfirm={() => remove.mutate(undefined, { onSuccess: () => notifyDone('Mapping deleted.') })}
        onClose={close}
      >
        <Text size="sm" ta="left">
          What was synced stays as it is until it changes. From then on {mapping.sourceUsername} is nobody on the other
          side.
        </Text>
      </ConfirmDialog>
    </Group>
  );
}
