import { Button, Group, Modal, Select, SimpleGrid, Stack, TextInput } from '@mantine/core';
import { type FormEvent, useRef, useState } from 'react';
import type { UserMapping } from '../../api/sync-types.js';
import { fieldErrorsOf, focusFirstInvalid, useFieldErrors } from '../../forms/field-errors.js';
import { FormErrors } from '../../forms/form-errors.js';
import { ErrorNotice } from '../../layout/error-notice.js';
import { notifyDone } from '../../layout/notify.js';
import { useInstances } from '../instances/instances.js';
import { useSaveMapping } from './user-mappings.js';

interface MappingDialogProps {
  opened: boolean;
  /** Absent: a new one. */
  mapping?: UserMapping;
  onClose: () => void;
}

export function MappingDialog({ opened, mapping, onClose }: MappingDialogProps) {
  return (
    <Modal
      opened={opened}
      onClose={onClose}
      title={mapping === undefined ? 'Add a mapping' : `Mapping of ${mapping.sourceUsername}`}
      closeButtonProps={{ 'aria-label': 'Close' }}
      size="lg"
    >
      <MappingForm mapping={mapping} onClose={onClose} />
    </Modal>
  );
}

const pointers = ['/sourceInstanceId', '/sourceUsername', '/targetInstanceId', '/targetUsername'] as const;

interface Draft {
  sourceInstanceId: string | null;
  sourceUsername: string;
  targetInstanceId: string | null;
  targetUsername: string;
}

const empty: Draft = { sourceInstanceId: null, sourceUsername: '', targetInstanceId: null, targetUsername: '' };

function MappingForm({ mapping, onClose }: { mapping?: UserMapping; onClose: () => void }) {
  const form = useRef<HTMLFormElement>(null);
  const instances = useInstances().data ?? [];
  const [draft, setDraft] = useState<Draft>(mapping ?? empty);
  const save = useSaveMapping(mapping?.id);
  const errors = useFieldErrors();
  const change = (patch: Partial<Draft>) => {
    setDraft((old) => ({ ...old, ...patch }));
    for (const name of Object.keys(patch)) errors.clear(`/${name}`);
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const { sourceInstanceId, sourceUsername, targetInstanceId, targetUsername } = draft;
    const missing = [
      ...(sourceInstanceId === null ? [{ path: '/sourceInstanceId', message: 'Choose an instance.' }] : []),
      ...(sourceUsername.trim() === '' ? [{ path: '/sourceUsername', message: 'Enter a username.' }] : []),
      ...(targetInstanceId === null ? [{ path: '/targetInstanceId', message: 'Choose an instance.' }] : []),
      ...(targetUsername.trim() === '' ? [{ path: '/targetUsername', message: 'Enter a username.' }] : []),
    ];
    errors.set(missing);
    if (missing.length > 0) return focusFirstInvalid(form.current);
    save.mutate(
      { sourceInstanceId, sourceUsername, targetInstanceId, targetUsername },
      {
        onSuccess: ({ warnings }) => {
          notifyDone(['Mapping saved.', ...(warnings ?? [])].join(' '));
          onClose();
        },
        onError: (error) => {
          errors.set(fieldErrorsOf(error));
          focusFirstInvalid(form.current);
        },
      },
    );
  };
  const side = (name: 'source' | 'target', title: string) => {
    const [instance, username] = [`${name}InstanceId`, `${name}Username`] as const;
    return (
      <Stack gap="xs">
        <Select
          label={`${title} instance`}
          data={instances.map(({ id, name: label }) => ({ value: id, label }))}
          value={draft[instance]}
          error={errors.at(`/${instance}`)}
          allowDeselect={false}
          data-autofocus={name === 'source' || undefined}
          onChange={(value) => change({ [instance]: value })}
        />
        <TextInput
          label={`${title} username`}
          autoComplete="off"
          value={draft[username]}
          error={errors.at(`/${username}`)}
          onChange={(event) => change({ [username]: event.currentTarget.value })}
        />
      </Stack>
    );
  };
  return (
    <form ref={form} onSubmit={submit} noValidate aria-label="Mapping" style={{ textAlign: 'left' }}>
      <Stack>
        {save.error !== null && errors.all.length === 0 && <ErrorNotice title="Not saved" error={save.error} />}
        <FormErrors errors={errors.outside(pointers)} />
        <SimpleGrid cols={{ base: 1, xs: 2 }}>
          {side('source', 'Source')}
          {side('target', 'Target')}
        </SimpleGrid>
        <Group justify="flex-end" gap="xs">
          <Button variant="default" onClick={onClose}>
            Cancel
          </Button>
          <Button type="submit" loading={save.isPending}>
            Save
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
