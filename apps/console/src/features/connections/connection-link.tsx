import type { Connection } from '../../api/types.js';
import { TextLink } from '../../layout/link.js';

/** A connection by its name; what it did stays listed when it is gone. */
export function ConnectionLink({ id, connections }: { id: string; connections: readonly Connection[] }) {
  return (
    <TextLink to={`/connections/${id}`} size="sm">
      {connections.find((connection) => connection.id === id)?.name ?? 'Deleted connection'}
    </TextLink>
  );
}
