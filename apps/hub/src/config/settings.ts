import { join, resolve } from 'node:path';
import type { DatabaseTarget } from '../database/data-source.js';
import type { AzureEnvironment } from './azure-environment.js';

export type Role = 'all' | 'api' | 'worker';
export const logLevels = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'] as const;
export type LogLevel = (typeof logLevels)[number];

export interface SettingsValues {
  readonly port: number;
  readonly host: string;
  /** A PostgreSQL server by URL, or the folder of the embedded database. */
  readonly database: DatabaseTarget;
  /** Where the lock, the key, the administrator's token and the embedded database live. Absolute. */
  readonly dataDir: string;
  readonly role: Role;
  /** How many runs one process executes at once. */
  readonly workerConcurrency: number;
  /** For connections without a schedule whose connector names no interval. */
  readonly defaultIntervalMinutes: number;
  /** How long the history of linked items and settled conflicts are kept. */
  readonly historyDays: number;
  /** 32 bytes. Absent: the embedded hub makes one and keeps it in the data folder. */
  readonly secretKey?: Buffer;
  /** The key to change to; read by the command `rotate-key` alone. */
  readonly newSecretKey?: Buffer;
  readonly adminToken?: string;
  /** How others reach the hub, without a trailing slash; for links and cookies. */
  readonly publicUrl?: string;
  /** Express' `trust proxy`: hops, or addresses. */
  readonly trustProxy: boolean | number | string;
  readonly tls?: { readonly cert: Buffer; readonly key: Buffer };
  readonly logLevel: LogLevel;
  readonly logFile?: string;
  /** Folders whose sub-folders are connectors. */
  readonly connectorDirs: readonly string[];
  /** The built console. */
  readonly consoleDir: string;
  /** Where connectors keep what can be made again. Absent: in the data folder. Absolute. */
  readonly workDir?: string;
  /** How many processes of git connectors may run at once, over all connections of one process. */
  readonly gitProcesses: number;
  /** The connection that the environment describes. */
  readonly azure?: AzureEnvironment;
}

/** The parsed environment. Injected by class; read by `readSettings`. */
export class Settings implements SettingsValues {
  readonly port: number;
  readonly host: string;
  readonly database: DatabaseTarget;
  readonly dataDir: string;
  readonly role: Role;
  readonly workerConcurrency: number;
  readonly defaultIntervalMinutes: number;
  readonly historyDays: number;
  readonly secretKey?: Buffer;
  readonly newSecretKey?: Buffer;
  readonly adminToken?: string;
  readonly publicUrl?: string;
  readonly trustProxy: boolean | number | string;
  readonly tls?: { readonly cert: Buffer; readonly key: Buffer };
  readonly logLevel: LogLevel;
  readonly logFile?: string;
  readonly connectorDirs: readonly string[];
  readonly consoleDir: string;
  readonly workDir?: string;
  readonly gitProcesses: number;
  readonly azure?: AzureEnvironment;

  constructor(values: Partial<SettingsValues> = {}) {
    Object.assign(this, defaults(values.dataDir ?? 'data'), values);
    this.dataDir = resolve(values.dataDir ?? 'data');
  }

  get embedded(): boolean {
    return !('url' in this.database);
  }
}

/** The root of the installation: from dist/config or src/config up. */
export const installationRoot = resolve(import.meta.dirname, '../../../..');

function defaults(dataDir: string): SettingsValues {
  return {
    port: 8000,
    host: '127.0.0.1',
    database: { dataDir: resolve(dataDir, 'database') },
    dataDir: resolve(dataDir),
    role: 'all',
    workerConcurrency: 4,
    gitProcesses: 4,
    defaultIntervalMinutes: 10,
    historyDays: 365,
    trustProxy: false,
    logLevel: 'info',
    connectorDirs: [join(installationRoot, 'connectors')],
    consoleDir: join(installationRoot, 'apps/console/dist'),
  };
}
