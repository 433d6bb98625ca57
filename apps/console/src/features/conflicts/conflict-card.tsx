import { Badge, Button, Group, Paper, SimpleGrid, Stack, Text } from '@mantine/core';
import { type ReactNode, useState } from 'react';
import type { JsonValue } from '../../api/json.js';
import type { Conflict, ConflictState } from '../../api/sync-types.js';
import { ErrorNotice } from '../../layout/error-notice.js';
import { humanise } from '../../layout/humanise.js';
import { TextLink } from '../../layout/link.js';
import { Time } from '../../layout/time.js';
import { ConnectionLink } from '../connections/connection-link.js';
import { useConnections } from '../connections/connections.js';
import { keyText, RemoteItem } from '../links/remote-item.js';
import { type SideName, type SideNames, useSides } from '../links/sides.js';
import { ConflictActions } from './conflict-actions.js';
import { useConflict } from './conflicts.js';
import { FieldValue } from './field-value.js';

interface ConflictCardProps {
  conflict: Conflict;
  /** Chosen for a decision about many. */
  select?: ReactNode;
}

/** As `ConflictCard`, of a list: long texts are cut there, and are shown whole before anybody decides about them. */
export function ListedConflict({ conflict, select }: ConflictCardProps) {
  const [isWhole, setIsWhole] = useState(false);
  const whole = useConflict(conflict.id, { enabled: isWhole });
  return (
    <ConflictCard
      conflict={isWhole && whole.data !== undefined ? whole.data : conflict}
      select={select}
      showWhole={
        <Stack gap="xs">
          {whole.error !== null && <ErrorNotice title="The whole texts could not be read" error={whole.error} />}
          <Group gap="xs">
            <Button size="xs" variant="default" loading={whole.isFetching} onClick={() => setIsWhole(true)}>
              Show the whole texts
            </Button>
            <Text size="sm" c="dimmed">
              They are long, and only their beginnings are shown here.
            </Text>
          </Group>
        </Stack>
      }
    />
  );
}

/** A field that both sides changed: what it was, what it is on each side, and what can be done or was done. */
export function ConflictCard({ conflict, select, showWhole }: ConflictCardProps & { showWhole?: ReactNode }) {
  const connections = useConnections().data ?? [];
  const names = useSides()(conflict.connectionId);
  const name = titleOf(conflict);
  return (
    <Paper withBorder p="md" component="article" aria-label={`${humanise(conflict.field)} of ${name}`}>
      <Group justify="space-between" align="flex-start" gap="xs" mb="sm" wrap="nowrap">
        <Group gap="sm" align="flex-start" wrap="nowrap" style={{ minWidth: 0 }}>
          {select}
          <div style={{ minWidth: 0 }}>
            <Text fw={600} className="wrap-anywhere">
              {humanise(conflict.field)} of{' '}
              <TextLink to={`/links/${conflict.linkId}`} inherit>
                {name}
              </TextLink>
            </Text>
            <Text size="xs" c="dimmed">
              <ConnectionLink id={conflict.connectionId} connections={connections} size="xs" /> · since{' '}
              <Time at={conflict.detectedAt} show="only-age" /> ·{' '}
              <TextLink to={`/conflicts/${conflict.id}`} size="xs">
                Link to this conflict
              </TextLink>
            </Text>
          </div>
        </Group>
        <StateBadge state={conflict.state} />
      </Group>
      <SimpleGrid cols={{ base: 1, sm: 3 }} mb="sm">
        <Column title="Both had" value={conflict.base} none={noBase(conflict.field)} />
        <Column title={names.left.label} value={conflict.left} base={conflict.base}>
          <RemoteItem item={conflict.leftRef} side={names.left} />
        </Column>
        <Column title={names.right.label} value={conflict.right} base={conflict.base}>
          <RemoteItem item={conflict.rightRef} side={names.right} />
        </Column>
      </SimpleGrid>
      {(conflict.cut ?? []).length > 0 ? (
        showWhole
      ) : conflict.state === 'open' ? (
        <ConflictActions conflict={conflict} names={names} name={name} />
      ) : (
        <Outcome conflict={conflict} names={names} />
      )}
    </Paper>
  );
}

function titleOf({ leftRef, rightRef }: Conflict): string {
  const ref = leftRef ?? rightRef;
  if (ref === undefined) return 'an item that is gone';
  return ref.title === undefined ? keyText(ref.key) : `${keyText(ref.key)} ${ref.title}`;
}

const looks: Record<ConflictState, { label: string; color: string }> = {
  open: { label: 'Open', color: 'orange' },
  resolved: { label: 'Decided', color: 'teal' },
  closed: { label: 'Closed', color: 'gray' },
};

function StateBadge({ state }: { state: ConflictState }) {
  const look = looks[state] ?? { label: state, color: 'gray' };
  return (
    <Badge color={look.color} variant="light" tt="none" miw="max-content">
      {look.label}
    </Badge>
  );
}

/** Null says that both were empty, or that they never agreed; of a field that is never null only the latter can be. */
const noBase = (field: string): string =>
  ['dueDate', 'milestone', 'weight'].includes(field) ? 'Nothing, or it is not known' : 'Not known';

interface ColumnProps {
  title: string;
  value: JsonValue;
  base?: JsonValue;
  /** What is said of null. */
  none?: string;
  children?: ReactNode;
}

function Column({ title, value, base, none, children }: ColumnProps) {
  return (
    <section aria-label={title} style={{ minWidth: 0 }}>
      <Text size="xs" c="dimmed" fw={600} mb={4}>
        {title}
      </Text>
      <FieldValue value={value} base={base} none={none} />
      {children !== undefined && (
        <Text size="xs" component="div" mt={6}>
          {children}
        </Text>
      )}
    </section>
  );
}

/** What became of it. */
function Outcome({ conflict: { state, resolution }, names }: { conflict: Conflict; names: SideNames }) {
  if (state === 'closed' || resolution === undefined) {
    return (
      <Text size="sm" c="dimmed">
        Nobody had to decide: both sides agree, or are linked no more.
      </Text>
    );
  }
  const { choice, value, by, at, appliedAt } = resolution;
  const told: Record<typeof choice, string> = {
    left: `took ${nameOf(names.left)}`,
    right: `took ${nameOf(names.right)}`,
    value: 'gave a value for both sides',
    fixed: 'made both sides agree at the remotes',
    policy: 'The policy of the connection decided',
  };
  return (
    <div>
      <Text size="sm" component="div">
        {choice === 'policy' ? told.policy : `${by ?? 'Somebody'} ${told[choice]}`}
        {at !== undefined && (
          <>
            {' '}
            <Time at={at} show="only-age" />
          </>
        )}
        .{' '}
        {appliedAt !== undefined ? (
          <>
            Written <Time at={appliedAt} show="only-age" />.
          </>
        ) : (
          choice !== 'fixed' && 'The next run writes it.'
        )}
      </Text>
      {choice === 'value' && value !== undefined && <FieldValue value={value} />}
    </div>
  );
}

const nameOf = (side: SideName): string => (side.place === undefined ? side.label : `${side.label} (${side.place})`);
