import { Avatar } from '@mantine/core';
import type { Connector } from '../../api/types.js';
import { connectorName } from './connectors.js';

/** The connector's logo; its initial in its colour where there is none. Decorative: its name always stands beside. */
export function ConnectorLogo({ connector, id, size = 40 }: { connector?: Connector; id: string; size?: number }) {
  const name = connectorName(connector, id);
  const src = connector?.state === 'ok' ? `/api/connectors/${encodeURIComponent(id)}/logo` : undefined;
  return (
    <Avatar
      src={src}
      alt=""
      radius="sm"
      size={size}
      variant="light"
      aria-hidden="true"
      imageProps={{ style: { objectFit: 'contain' } }}
    >
      {name.slice(0, 1).toUpperCase()}
    </Avatar>
  );
}
