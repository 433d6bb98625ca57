import { Badge } from '@mantine/core';
import type { LinkState } from '../../api/sync-types.js';

const looks: Record<LinkState, { label: string; color: string; meaning: string }> = {
  intended: { label: 'Being made', color: 'blue', meaning: 'The other side is still to be made.' },
  active: { label: 'In step', color: 'teal', meaning: 'Changes on either side follow to the other.' },
  conflicted: { label: 'In conflict', color: 'orange', meaning: 'A field waits for a decision; the others follow.' },
  severed: { label: 'Severed', color: 'gray', meaning: 'Both items stay; neither follows the other.' },
  gone: { label: 'Gone', color: 'red', meaning: 'An item was deleted at its remote.' },
};

export const linkStateLabel = (state: LinkState): string => looks[state]?.label ?? state;

export function LinkStateBadge({ state }: { state: LinkState }) {
  const look = looks[state] ?? { label: state, color: 'gray', meaning: state };
  return (
    <Badge color={look.color} variant="light" tt="none" miw="max-content" title={look.meaning}>
      {look.label}
    </Badge>
  );
}
