import { Progress, Text } from '@mantine/core';
import type { Run } from '../../api/types.js';

/** How far a run has come. */
export function RunProgress({ run }: { run: Run }) {
  const { done = 0, total } = run.progress ?? {};
  const text =
    run.status === 'queued'
      ? 'Waiting for its turn'
      : run.progress
        ? `${done.toLocaleString()}${total ? ` of ${total.toLocaleString()}` : ''} done`
        : 'Working';
  return (
    <div>
      <Progress
        size="lg"
        animated
        value={total ? Math.min(100, (100 * done) / total) : 100}
        striped={!total}
        color={total ? undefined : 'gray'}
        aria-label="Run progress"
      />
      <Text size="sm" c="dimmed" mt={4} role="status">
        {text}
      </Text>
    </div>
  );
}
