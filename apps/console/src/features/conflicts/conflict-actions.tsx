import { Button, Group, Modal, Stack } from '@mantine/core';
import { type FormEvent, useState } from 'react';
import type { JsonValue } from '../../api/json.js';
import { ApiError } from '../../api/problem.js';
import type { Conflict } from '../../api/sync-types.js';
import { ErrorNotice } from '../../layout/error-notice.js';
import { humanise } from '../../layout/humanise.js';
import { notifyDone } from '../../layout/notify.js';
import type { SideNames } from '../links/sides.js';
import { type Decision, useDecide } from './conflicts.js';
import { firstValue, OwnValue } from './own-value.js';

interface ConflictActionsProps {
  conflict: Conflict;
  names: SideNames;
  /** Of the item. */
  name: string;
}

/** The ways to decide a conflict. */
export function ConflictActions({ conflict, names, name }: ConflictActionsProps) {
  const decide = useDecide(conflict);
  const [writing, setWriting] = useState(false);
  const about = `for ${humanise(conflict.field)} of ${name}`;
  const send = (decision: Decision) =>
    decide.mutate(decision, {
      onSuccess: ({ state }) => {
        setWriting(false);
        notifyDone(state === 'open' ? 'Read again: the sides still differ.' : outcomeOf(decision));
      },
    });
  const waitsFor = (choice: Decision['choice']) => decide.isPending && decide.variables.choice === choice;
  const choose = (choice: 'left' | 'right' | 'fixed', label: string) => (
    <Button
      size="xs"
      variant={choice === 'fixed' ? 'subtle' : 'default'}
      disabled={decide.isPending}
      loading={waitsFor(choice)}
      aria-label={`${label} ${about}`}
      onClick={() => send({ choice })}
    >
      {label}
    </Button>
  );
  return (
    <Stack gap="sm">
      {decide.error !== null && !writing && <ErrorNotice title="Not decided" error={decide.error} />}
      <Group gap="xs">
        {choose('left', `Take ${names.left.label}`)}
        {choose('right', `Take ${names.right.label}`)}
        <Button
          size="xs"
          variant="default"
          disabled={decide.isPending}
          aria-label={`Write a value ${about}`}
          onClick={() => {
            decide.reset();
            setWriting(true);
          }}
        >
          Write a value…
        </Button>
        {choose('fixed', 'I fixed it there, look again')}
      </Group>
      <Modal
        opened={writing}
        onClose={() => setWriting(false)}
        title={`${humanise(conflict.field)} of ${name}`}
        closeButtonProps={{ 'aria-label': 'Close' }}
        size="lg"
      >
        <OwnValueForm
          conflict={conflict}
          pending={decide.isPending}
          error={decide.error}
          onSend={(value) => send({ choice: 'value', value })}
          onClose={() => setWriting(false)}
        />
      </Modal>
    </Stack>
  );
}

const outcomeOf = ({ choice }: Decision): string =>
  choice === 'fixed' ? 'Both sides agree now.' : 'Decided. The next run writes it.';

interface OwnValueFormProps {
  conflict: Conflict;
  pending: boolean;
  error: Error | null;
  onSend: (value: JsonValue) => void;
  onClose: () => void;
}

function OwnValueForm({ conflict, pending, error, onSend, onClose }: OwnValueFormProps) {
  const [value, setValue] = useState<JsonValue>(() => firstValue(conflict));
  const wrong = error instanceof ApiError ? error.errors.find(({ path }) => path === '/value')?.message : undefined;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    onSend(value);
  };
  return (
    <form onSubmit={submit} noValidate aria-label="Write a value">
      <Stack>
        {error !== null && wrong === undefined && <ErrorNotice title="Not decided" error={error} />}
        <OwnValue conflict={conflict} value={value} error={wrong} onChange={setValue} />
        <Group justify="flex-end" gap="xs">
          <Button variant="default" onClick={onClose}>
            Cancel
          </Button>
          <Button type="submit" loading={pending}>
            Use for both sides
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
