/** The cache keys of everything read from the hub. A prefix invalidates all below it. */
export const queryKeys = {
  session: ['session'] as const,
  connectors: ['connectors'] as const,
  instances: ['instances'] as const,
  instance: (id: string) => ['instances', id] as const,
  connections: ['connections'] as const,
  connection: (id: string) => ['connections', id] as const,
  discovery: (connectionId: string, property: string, query: string) =>
    ['discovery', connectionId, property, query] as const,
  links: (connectionId: string) => ['links', connectionId] as const,
  runs: ['runs'] as const,
  runList: (filter: string) => ['runs', 'list', filter] as const,
  run: (id: string) => ['runs', id] as const,
  runLog: (id: string) => ['run-log', id] as const,
  events: ['events'] as const,
  eventList: (filter: string) => ['events', 'list', filter] as const,
  eventStats: (filter: string) => ['events', 'stats', filter] as const,
  event: (id: string) => ['events', 'one', id] as const,
  deliveries: ['deliveries'] as const,
  deliveryList: (filter: string) => ['deliveries', 'list', filter] as const,
};
