import { Badge, Text } from '@mantine/core';
import type { PlanItem } from '../../api/sync-types.js';
import { DataTable } from '../../layout/data-table.js';
import { ExternalLink } from '../../layout/external-link.js';
import { humanise } from '../../layout/humanise.js';
import { keyText } from '../links/remote-item.js';
import type { SideNames } from '../links/sides.js';
import { planOps } from './plans.js';

/** Operations in the order in which they would happen, each with its reason. */
export function PlanItems({ items, names }: { items: readonly PlanItem[]; names: SideNames }) {
  return (
    <DataTable
      minWidth={680}
      rows={items.map((item, index) => ({ ...item, id: String(index) }))}
      columns={[
        { title: 'Operation', cell: (item) => <Operation item={item} /> },
        { title: 'In', cell: ({ side }) => <Text size="sm">{names[side].label}</Text> },
        { title: 'What', cell: (item) => <What item={item} /> },
        { title: 'Reason', cell: ({ reason }) => <Text size="sm">{reason}</Text> },
      ]}
    />
  );
}

function Operation({ item: { op, kind } }: { item: PlanItem }) {
  const look = planOps.find(({ value }) => value === op);
  return (
    <>
      <Badge color={look?.color ?? 'gray'} variant="light" tt="none" miw="max-content">
        {look?.label ?? op}
      </Badge>
      <Text size="xs" c="dimmed">
        {kind}
      </Text>
    </>
  );
}

function What({ item: { ref, title, fields } }: { item: PlanItem }) {
  const name = title ?? ref?.title;
  return (
    <div style={{ minWidth: '9rem' }}>
      {ref === undefined ? (
        <Text size="sm" className="wrap-anywhere">
          {name ?? '–'}
        </Text>
      ) : (
        <ExternalLink href={ref.url}>
          {keyText(ref.key)}
          {name !== undefined && ` ${name}`}
        </ExternalLink>
      )}
      {fields !== undefined && fields.length > 0 && (
        <Text size="xs" c="dimmed">
          {fields.map(humanise).join(', ')}
        </Text>
      )}
    </div>
  );
}
