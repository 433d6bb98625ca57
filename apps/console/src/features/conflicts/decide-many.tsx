import { Alert, Button, Checkbox, Group, List, Paper, Text } from '@mantine/core';
import { useState } from 'react';
import type { Conflict } from '../../api/sync-types.js';
import { ConfirmDialog } from '../../forms/confirm-dialog.js';
import { errorText } from '../../layout/error-notice.js';
import { humanise } from '../../layout/humanise.js';
import { notifyDone } from '../../layout/notify.js';
import { type SideName, useSides } from '../links/sides.js';
import { useDecideMany } from './conflicts.js';

interface DecideManyProps {
  shown: readonly Conflict[];
  chosen: readonly Conflict[];
  onChoose: (ids: readonly string[]) => void;
}

/** Decides all chosen conflicts in one way. */
export function DecideMany({ shown, chosen, onChoose }: DecideManyProps) {
  const [asking, setAsking] = useState<'left' | 'right' | undefined>();
  const decide = useDecideMany();
  const names = useSideNamesOf(chosen);
  const refused = decide.data?.refused ?? [];
  return (
    <>
      <Paper withBorder px="md" py="xs" mb="sm">
        <Group gap="sm">
          <Checkbox
            label={chosen.length === 0 ? 'Choose all shown' : `${chosen.length} chosen`}
            checked={chosen.length > 0 && chosen.length === shown.length}
            indeterminate={chosen.length > 0 && chosen.length < shown.length}
            onChange={(event) => onChoose(event.currentTarget.checked ? shown.map(({ id }) => id) : [])}
          />
          {(['left', 'right'] as const).map((side) => (
            <Button
              key={side}
              size="xs"
              variant="default"
              disabled={chosen.length === 0}
              onClick={() => setAsking(side)}
            >
              Take {names[side].label} for all chosen
            </Button>
          ))}
        </Group>
      </Paper>
      {refused.length > 0 && (
        <Alert
          color="red"
          role="alert"
          title={`${refused.length} of the chosen conflicts ${refused.length === 1 ? 'was' : 'were'} not decided`}
          mb="sm"
        >
          <List size="sm">
            {refused.slice(0, 20).map(({ conflict, error }) => (
              <List.Item key={conflict.id}>
                {humanise(conflict.field)} of {conflict.leftRef?.title ?? conflict.leftRef?.key}: {errorText(error)}
              </List.Item>
            ))}
          </List>
        </Alert>
      )}
      <ConfirmDialog
        opened={asking !== undefined}
        title={`Take ${names[asking ?? 'left'].label} for ${chosen.length} ${chosen.length === 1 ? 'conflict' : 'conflicts'}?`}
        confirmLabel="Decide them"
        pending={decide.isPending}
        error={decide.error}
        onConfirm={() => {
          if (asking === undefined) return;
          decide.mutate(
            { conflicts: chosen, choice: asking },
            {
              onSuccess: ({ decided }) => {
                onChoose([]);
                setAsking(undefined);
                if (decided > 0) notifyDone(`${decided} decided. The next run writes them.`);
              },
            },
          );
        }}
        onClose={() => setAsking(undefined)}
      >
        <Text size="sm">
          The next run overwrites the other side with these values. What changed since you saw it is left alone and told
          here.
        </Text>
      </ConfirmDialog>
    </>
  );
}

const plain: Record<'left' | 'right', SideName> = {
  left: { label: 'the left side' },
  right: { label: 'the right side' },
};

/** The names that all chosen ones share. */
function useSideNamesOf(chosen: readonly Conflict[]) {
  const sides = useSides();
  const all = [...new Set(chosen.map(({ connectionId }) => connectionId))].map(sides);
  const same = (side: 'left' | 'right') =>
    all.length > 0 && all.every((names) => names[side].label === all[0]?.[side].label)
      ? (all[0]?.[side] ?? plain[side])
      : plain[side];
  return { left: same('left'), right: same('right') };
}
