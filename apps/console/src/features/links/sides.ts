import { isJsonObject, type JsonObject } from '../../api/json.js';
import type { Side } from '../../api/sync-types.js';
import type { Connection, Connector, Instance } from '../../api/types.js';
import { humanise } from '../../layout/humanise.js';
import { useConnectors } from '../catalog/connectors.js';
import { useConnections } from '../connections/connections.js';
import { useInstances } from '../instances/instances.js';

/** How people know one side of a connection. */
export interface SideName {
  /** `Source`, `Azure DevOps`: what the connector's form calls it. */
  label: string;
  /** `Production · acme/shop`: which system and project that is. */
  place?: string;
}

export type SideNames = Readonly<Record<Side, SideName>>;

const unknown: SideNames = { left: { label: 'Left side' }, right: { label: 'Right side' } };

/**
 * The sides of a connection, from its connector's schema: the first two groups of settings that name an instance are the
 * left side and the right one.
 */
export function sidesOf(
  connection: Connection | undefined,
  connector: Connector | undefined,
  instances: readonly Instance[],
): SideNames {
  const properties = connector?.configSchema?.['properties'];
  if (connection === undefined || !isJsonObject(properties)) return unknown;
  const groups = Object.entries(properties).filter(([, schema]) => namesInstance(schema));
  const [left, right] = groups.map(([name, schema]): SideName => {
    const title = isJsonObject(schema) ? schema['title'] : undefined;
    const label = typeof title === 'string' ? title : humanise(name);
    return { label, place: placeOf(connection.config[name], instances) };
  });
  return left === undefined || right === undefined ? unknown : { left, right };
}

function namesInstance(schema: unknown): boolean {
  if (!isJsonObject(schema) || !isJsonObject(schema['properties'])) return false;
  return Object.values(schema['properties']).some((inner) => isJsonObject(inner) && 'x-instance' in inner);
}

function placeOf(settings: unknown, instances: readonly Instance[]): string | undefined {
  if (!isJsonObject(settings)) return undefined;
  const group: JsonObject = settings;
  const instance = instances.find(({ id }) => id === group['instance'])?.name;
  const project = group['project'];
  const parts = [instance, typeof project === 'string' || typeof project === 'number' ? String(project) : undefined];
  return parts.filter((part) => part !== undefined).join(' · ') || undefined;
}

/** The sides of any connection, by its id. */
export function useSides(): (connectionId: string) => SideNames {
  const connections = useConnections().data ?? [];
  const connectors = useConnectors().data ?? [];
  const instances = useInstances().data ?? [];
  return (connectionId) => {
    const connection = connections.find(({ id }) => id === connectionId);
    const connector = connectors.find(({ id }) => id === connection?.connectorId);
    return sidesOf(connection, connector, instances);
  };
}
