import { Button, Text } from '@mantine/core';
import { useState } from 'react';
import type { ItemLink } from '../../api/sync-types.js';
import { ConfirmDialog } from '../../forms/confirm-dialog.js';
import { notifyDone } from '../../layout/notify.js';
import { useSeverLink } from './links.js';

/** Takes two items apart, after a question. */
export function SeverLink({ link, name }: { link: ItemLink; name: string }) {
  const [opened, setOpened] = useState(false);
  const sever = useSeverLink(link.id);
  return (
    <>
      <Button color="red" variant="light" onClick={() => setOpened(true)}>
        Sever
      </Button>
      <ConfirmDialog
        opened={opened}
        title={`Sever ${name}?`}
        confirmLabel="Sever the link"
        pending={sever.isPending}
        error={sever.error}
        onConfirm={() =>
          sever.mutate(undefined, {
            onSuccess: () => {
              notifyDone('Severed.');
              setOpened(false);
            },
          })
        }
        onClose={() => {
          setOpened(false);
          sever.reset();
        }}
      >
        <Text size="sm">
          Both items stay as they are, and neither follows the other any more. No sync links them again; people can, by
          hand. Conflicts that are open about them are closed.
        </Text>
      </ConfirmDialog>
    </>
  );
}
