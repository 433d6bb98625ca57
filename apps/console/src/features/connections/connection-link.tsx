import type { Connection } from '../../api/types.js';
import { TextLink } from '../../layout/link.js';

interface ConnectionLinkProps {
  id: string;
  connections: readonly Connection[];
  size?: 'xs' | 'sm';
}

/** A connection by its name; what it did stays listed when it is gone. */
export function ConnectionLink({ id, connections, size = 'sm' }: ConnectionLinkProps) {
  return (
    <TextLink to={`/connections/${id}`} size={size}>
      {connections.find((connection) => connection.id === id)?.name ?? 'Deleted connection'}
    </TextLink>
  );
}
