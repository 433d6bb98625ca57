import { ConnectorError, type Instance } from '@syncline/connector-sdk';

/** What this connector can record, by the names in metadata.json. */
export const eventTypes = ['merge_request', 'release', 'pipeline', 'commit', 'image', 'deployment'] as const;
export type EventTypeName = (typeof eventTypes)[number];

/** `auto`: many projects in one request by GraphQL, and by REST whatever that cannot tell. `rest`: by REST alone. */
export type Reading = 'auto' | 'rest';

/** The config as the host hands it over: validated, with the instance in the place of its id. */
export interface GitLabEventsConfig {
  readonly instance: Instance;
  /** Full paths or numeric ids; a list or one comma-separated text. */
  readonly projects?: readonly (string | number)[] | string;
  readonly groups?: readonly string[] | string;
  readonly limit?: number;
  readonly branches?: readonly string[] | string;
  readonly eventTypes?: readonly string[] | string;
  /** ISO date or time: nothing older is read. */
  readonly since?: string;
  readonly reading?: Reading;
  readonly webhookSecret?: string;
  readonly signingToken?: string;
}

/** The config in one form: lists are lists, defaults are filled in, texts are trimmed. */
export interface Settings {
  readonly instance: Instance;
  readonly projects: readonly string[];
  readonly groups: readonly string[];
  readonly limit: number;
  /** Empty: all branches, and no commits. */
  readonly branches: readonly string[];
  readonly eventTypes: ReadonlySet<EventTypeName>;
  readonly since: Date | undefined;
  readonly reading: Reading;
}

const defaultLimit = 10;

/** Throws `config` with the path of the key that makes no sense. */
export function readSettings(config: GitLabEventsConfig): Settings {
  const types = list(config.eventTypes);
  for (const type of types) {
    if (!isEventType(type)) {
      throw new ConnectorError('config', `There is no event type ${type}`, {
        hint: `Choose from ${eventTypes.join(', ')}.`,
        path: '/config/eventTypes',
      });
    }
  }
  return {
    instance: config.instance,
    projects: list(config.projects),
    groups: list(config.groups),
    limit: config.limit ?? defaultLimit,
    branches: list(config.branches),
    eventTypes: new Set(types.length === 0 ? eventTypes : types.filter(isEventType)),
    since: readDate(config.since),
    reading: config.reading ?? 'auto',
  };
}

function list(value: readonly (string | number)[] | string | undefined): string[] {
  const parts = typeof value === 'string' ? value.split(',') : (value ?? []).map(String);
  return [...new Set(parts.map((part) => part.trim().replace(/^\/+|\/+$/g, '')).filter((part) => part !== ''))];
}

function isEventType(value: string): value is EventTypeName {
  return eventTypes.some((type) => type === value);
}

function readDate(value: string | undefined): Date | undefined {
  if (value === undefined || value.trim() === '') return undefined;
  const date = new Date(value);
  if (!Number.isNaN(date.getTime())) return date;
  throw new ConnectorError('config', `${value} is not a date`, {
    hint: 'Write it as 2026-01-31.',
    path: '/config/since',
  });
}
