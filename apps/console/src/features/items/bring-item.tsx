import { Button, Group, Paper, Select, Text, TextInput, Title } from '@mantine/core';
import { type FormEvent, useState } from 'react';
import { useLocation } from 'wouter';
import type { Side } from '../../api/sync-types.js';
import type { Connection } from '../../api/types.js';
import { fieldErrorsOf } from '../../forms/field-errors.js';
import { ErrorNotice } from '../../layout/error-notice.js';
import type { SideNames } from '../links/sides.js';
import { useBringItem } from './items.js';

/** Syncs one item now, whatever the connection's filters say. */
export function BringItem({ connection, names }: { connection: Connection; names: SideNames }) {
  const [key, setKey] = useState('');
  const [side, setSide] = useState<Side>('left');
  const [missing, setMissing] = useState(false);
  const [, navigate] = useLocation();
  const bring = useBringItem(connection.id);
  const wrong = fieldErrorsOf(bring.error).find(({ path }) => path === '/key')?.message;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const wanted = key.trim().replace(/^#/, '');
    setMissing(wanted === '');
    if (wanted !== '') bring.mutate({ key: wanted, side }, { onSuccess: ({ runId }) => navigate(`/runs/${runId}`) });
  };
  return (
    <Paper withBorder p="md" component="section" aria-label="Bring one item over">
      <Title order={2} size="h5">
        Bring one over now
      </Title>
      <Text size="sm" c="dimmed" mb="xs">
        Also one that the filters of the connection leave out.
      </Text>
      <form onSubmit={submit} noValidate>
        <Group align="flex-start" gap="sm">
          <Select
            label="It is in"
            style={{ flex: '2 1 12rem' }}
            allowDeselect={false}
            data={(['left', 'right'] as const).map((value) => ({
              value,
              label: [names[value].label, names[value].place].filter(Boolean).join(': '),
            }))}
            value={side}
            onChange={(value) => setSide(value === 'right' ? 'right' : 'left')}
          />
          <TextInput
            label="Number"
            placeholder="12"
            style={{ flex: '1 1 8rem' }}
            value={key}
            error={missing ? 'Enter its number.' : wrong}
            onChange={(event) => {
              setKey(event.currentTarget.value);
              setMissing(false);
              bring.reset();
            }}
          />
          <Button
            type="submit"
            mt={24}
            loading={bring.isPending}
            disabled={!connection.enabled}
            title={connection.enabled ? undefined : 'Enable the connection first.'}
          >
            Bring it over
          </Button>
        </Group>
      </form>
      {bring.error !== null && wrong === undefined && (
        <div style={{ marginTop: 12 }}>
          <ErrorNotice title="Not brought over" error={bring.error} />
        </div>
      )}
    </Paper>
  );
}
