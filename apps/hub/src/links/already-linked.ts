import { ConnectorError } from '@syncline/connector-sdk';

/** The unique index names the side; PostgreSQL's detail names the key as the last of the values. */
export function alreadyLinked(error: unknown): ConnectorError | undefined {
  if (!(error instanceof Error)) return undefined;
  const { constraint, detail } = error as { constraint?: unknown; detail?: unknown };
  const side = constraint === 'link_left' ? 'left' : constraint === 'link_right' ? 'right' : undefined;
  if (side === undefined) return undefined;
  const values = typeof detail === 'string' ? /=\((.*)\) already exists/.exec(detail)?.[1] : undefined;
  const [, kind = 'item', , , key = ''] = values?.split(', ') ?? [];
  return new ConnectorError('permanent', `${kind} ${key} is already linked on the ${side}`, { cause: error });
}
