import { Alert, Button, Group, Modal, Select, Stack, Text, TextInput } from '@mantine/core';
import { type FormEvent, useRef, useState } from 'react';
import { useLocation } from 'wouter';
import { fieldErrorsOf, focusFirstInvalid, useFieldErrors } from '../../forms/field-errors.js';
import { FormErrors } from '../../forms/form-errors.js';
import { ErrorNotice } from '../../layout/error-notice.js';
import { notifyDone } from '../../layout/notify.js';
import { useConnectors } from '../catalog/connectors.js';
import { connectionChoices, useConnections } from '../connections/connections.js';
import { useCreateLink } from './links.js';
import { useSides } from './sides.js';

interface NewLinkDialogProps {
  opened: boolean;
  /** Chosen already. */
  connectionId: string | null;
  onClose: () => void;
}

/** Links two issues that exist on both sides, where no rule could know that they are one. */
export function NewLinkDialog({ opened, connectionId, onClose }: NewLinkDialogProps) {
  return (
    <Modal
      opened={opened}
      onClose={onClose}
      title="Link two items that exist"
      closeButtonProps={{ 'aria-label': 'Close' }}
    >
      <NewLinkForm preset={connectionId} onClose={onClose} />
    </Modal>
  );
}

function NewLinkForm({ preset, onClose }: { preset: string | null; onClose: () => void }) {
  const form = useRef<HTMLFormElement>(null);
  const [, navigate] = useLocation();
  const sides = useSides();
  const pairs = useLinkable();
  const [chosen, setChosen] = useState(preset);
  const [left, setLeft] = useState('');
  const [right, setRight] = useState('');
  const create = useCreateLink();
  const errors = useFieldErrors();
  const connectionId = pairs.find(({ id }) => id === chosen)?.id ?? (pairs.length === 1 ? pairs[0]?.id : undefined);
  const names = sides(connectionId ?? '');
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const body = {
      connectionId: connectionId ?? '',
      kind: 'issue' as const,
      left: { key: key(left) },
      right: { key: key(right) },
    };
    const missing = [
      ...(connectionId === undefined ? [{ path: '/connectionId', message: 'Choose a connection.' }] : []),
      ...(body.left.key === '' ? [{ path: '/left/key', message: 'Enter its number.' }] : []),
      ...(body.right.key === '' ? [{ path: '/right/key', message: 'Enter its number.' }] : []),
    ];
    errors.set(missing);
    if (missing.length > 0) return focusFirstInvalid(form.current);
    create.mutate(body, {
      onSuccess: (link) => {
        notifyDone('Linked. The next run brings both in step.');
        onClose();
        navigate(`/links/${link.id}`);
      },
      onError: (error) => {
        errors.set(fieldErrorsOf(error));
        focusFirstInvalid(form.current);
      },
    });
  };
  if (pairs.length === 0) {
    return <Alert color="yellow">No connection can link items by hand. Connect two trackers first.</Alert>;
  }
  return (
    <form ref={form} onSubmit={submit} noValidate aria-label="Link two items">
      <Stack>
        <Text size="sm">
          Say that an issue on one side and an issue on the other are the same. From then on both are kept in step;
          where they differ now, the connection&apos;s conflict policy decides.
        </Text>
        {create.error !== null && errors.all.length === 0 && <ErrorNotice title="Not linked" error={create.error} />}
        <FormErrors errors={errors.outside(['/connectionId', '/left', '/right'])} />
        <Select
          label="Connection"
          data={connectionChoices(pairs)}
          value={connectionId ?? null}
          error={errors.at('/connectionId')}
          allowDeselect={false}
          onChange={(value) => {
            setChosen(value);
            errors.set([]);
          }}
        />
        <TextInput
          label={`${names.left.label}: issue`}
          description={names.left.place}
          placeholder="12"
          data-autofocus
          value={left}
          error={errors.at('/left')}
          onChange={(event) => {
            setLeft(event.currentTarget.value);
            errors.clear('/left');
          }}
        />
        <TextInput
          label={`${names.right.label}: issue`}
          description={names.right.place}
          placeholder="34"
          value={right}
          error={errors.at('/right')}
          onChange={(event) => {
            setRight(event.currentTarget.value);
            errors.clear('/right');
          }}
        />
        <Group justify="flex-end" gap="xs">
          <Button variant="default" onClick={onClose}>
            Cancel
          </Button>
          <Button type="submit" loading={create.isPending}>
            Link them
          </Button>
        </Group>
      </Stack>
    </form>
  );
}

/** `#12` is what people copy. */
const key = (text: string): string => text.trim().replace(/^#/, '');

/** Connections that can look a single item up. */
function useLinkable() {
  const connectors = useConnectors().data ?? [];
  const able = new Set(
    connectors
      .filter(({ capabilities = [] }) => capabilities.includes('links') && capabilities.includes('items'))
      .map(({ id }) => id),
  );
  return (useConnections().data ?? []).filter(({ connectorId }) => able.has(connectorId));
}
