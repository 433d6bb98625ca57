import { resolve } from 'node:path';
import { type DatabaseTarget, type Environment, EnvironmentReader, StartError } from '@syncline/hub/engine';

/** The poller's environment: the variables of the script it replaces, and where to keep what it finds. */
export interface PollerSettings {
  readonly token: string;
  readonly url: string;
  /** Seconds between the end of a cycle and the start of the next. */
  readonly pollIntervalSeconds: number;
  readonly repos: readonly string[];
  readonly branches: readonly string[];
  /** A PostgreSQL that may be the hub's: then the events appear on its timeline. */
  readonly database: DatabaseTarget;
  /** The folder of the embedded database; locked while the poller runs. */
  readonly dataDir: string;
  readonly embedded: boolean;
  readonly logLevel: 'silent' | 'debug';
}

const DEFAULT_URL = 'https://gitlab.com';
const DEFAULT_INTERVAL_SECONDS = 300;
const DEFAULT_DATA_DIR = 'data/poller';

export function readPollerSettings(environment: Environment): PollerSettings {
  const reader = new EnvironmentReader(environment);
  const token = reader.secret('GITLAB_TOKEN');
  if (token === undefined && reader.problems.length === 0) throw new StartError('GITLAB_TOKEN not set');
  const url = reader.parsed('GITLAB_URL', 'an http:// or https:// URL', parseUrl) ?? DEFAULT_URL;
  const pollIntervalSeconds = reader.integer('POLL_INTERVAL', 1, 86_400) ?? DEFAULT_INTERVAL_SECONDS;
  const databaseUrl = reader.secret('DATABASE_URL');
  const debug = reader.text('LOG_LEVEL')?.toLowerCase() === 'debug';
  const dataDir = resolve(reader.text('DATA_DIR') ?? DEFAULT_DATA_DIR);
  if (reader.problems.length > 0 || token === undefined) throw new StartError(reader.problems.join('\n'));
  return {
    token,
    url,
    pollIntervalSeconds,
    repos: list(reader.text('REPOS')),
    branches: list(reader.text('BRANCHES')),
    database: databaseUrl === undefined ? { dataDir: resolve(dataDir, 'database') } : { url: databaseUrl },
    dataDir,
    embedded: databaseUrl === undefined,
    logLevel: debug ? 'debug' : 'silent',
  };
}

function parseUrl(text: string): string | undefined {
  if (!URL.canParse(text) || !/^https?:/.test(text)) return undefined;
  return text.replace(/\/+$/, '');
}

function list(text: string | undefined): readonly string[] {
  return (text ?? '')
    .split(',')
    .map((entry) => entry.trim())
    .filter((entry) => entry !== '');
}
