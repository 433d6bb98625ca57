import { statSync } from 'node:fs';
import { resolve } from 'node:path';
import type { DatabaseTarget } from '../database/data-source.js';
import { parseSecretKey } from '../secrets/secret-key.js';
import { readAzureEnvironment } from './azure-environment.js';
import { type Environment, EnvironmentReader } from './environment.js';
import { type LogLevel, logLevels, type Role, Settings, type SettingsValues } from './settings.js';
import { StartError } from './start-error.js';

/** Parses the environment. Throws a `StartError` that names every wrong value, one sentence a line. */
export function readSettings(environment: Environment): Settings {
  const reader = new EnvironmentReader(environment);
  const dataDir = resolve(reader.text('DATA_DIR') ?? 'data');
  const values = {
    port: reader.integer('PORT', 0, 65_535),
    host: reader.text('HOST'),
    dataDir,
    database: readDatabase(reader),
    role: reader.choice<Role>('ROLE', ['all', 'api', 'worker'], (text) => text.toLowerCase()),
    workerConcurrency: reader.integer('WORKER_CONCURRENCY', 1, 64),
    defaultIntervalMinutes: reader.integer('DEFAULT_SYNC_INTERVAL_MINUTES', 1, 44_640),
    historyDays: reader.integer('HISTORY_RETENTION_DAYS', 1, 36_500),
    secretKey: readKey(reader, 'SYNCLINE_SECRET_KEY'),
    newSecretKey: readKey(reader, 'SYNCLINE_NEW_SECRET_KEY'),
    adminToken: readAdminToken(reader),
    publicUrl: reader.parsed('PUBLIC_URL', 'an http:// or https:// URL without query or fragment', parsePublicUrl),
    trustProxy: readTrustProxy(reader),
    tls: readTls(reader),
    logLevel: reader.choice<LogLevel>('LOG_LEVEL', logLevels, normaliseLevel),
    logFile: reader.text('LOG_FILE'),
    connectorDirs: readConnectorDirs(reader),
    consoleDir: reader.text('CONSOLE_DIR'),
    workDir: resolved(reader.text('WORK_DIR')),
    gitProcesses: reader.integer('GIT_PROCESSES', 1, 64),
    azure: readAzureEnvironment(reader),
  };
  const settings = new Settings(withoutUndefined(values));
  if (settings.embedded && settings.role !== 'all') {
    reader.problems.push(
      `ROLE is "${settings.role}", but without DATABASE_URL only "all" works: the embedded database belongs to one process.`,
    );
  }
  if (!settings.embedded && settings.secretKey === undefined && !mentions(reader, 'SYNCLINE_SECRET_KEY')) {
    reader.problems.push(
      'SYNCLINE_SECRET_KEY (or SYNCLINE_SECRET_KEY_FILE) is required with DATABASE_URL: 32 random bytes as 64 hex digits, e.g. from "openssl rand -hex 32". Every process on the database needs the same one.',
    );
  }
  if (reader.problems.length > 0) throw new StartError(reader.problems.join('\n'));
  return settings;
}

const resolved = (path: string | undefined): string | undefined => (path === undefined ? undefined : resolve(path));

const mentions = (reader: EnvironmentReader, name: string): boolean =>
  reader.problems.some((problem) => problem.startsWith(name));

/** Only what is set, so that defaults stand for the rest. */
function withoutUndefined(values: Partial<SettingsValues>): Partial<SettingsValues> {
  const entries: [string, unknown][] = Object.entries(values);
  return Object.fromEntries(entries.filter(([, value]) => value !== undefined));
}

/** The value is a secret (it holds a password), so complaints do not repeat it. */
function readDatabase(reader: EnvironmentReader): DatabaseTarget | undefined {
  const url = reader.secret('DATABASE_URL');
  if (url === undefined) return undefined;
  if (/^sqlite:/i.test(url)) {
    reader.problems.push(
      'DATABASE_URL starts with "sqlite:", which Syncline does not use. Leave DATABASE_URL unset for the embedded database in DATA_DIR (the default), or give a postgres:// URL.',
    );
  } else if (!/^postgres(ql)?:\/\//i.test(url) || !URL.canParse(url)) {
    reader.problems.push('DATABASE_URL must be a postgres:// URL such as postgres://user:password@host:5432/database.');
  } else return { url };
  return undefined;
}

function readKey(reader: EnvironmentReader, name: string): Buffer | undefined {
  const text = reader.secret(name);
  if (text === undefined) return undefined;
  const key = parseSecretKey(text);
  if (key === undefined) reader.problems.push(`${name} must be 32 bytes, written as 64 hex digits or as base64.`);
  return key;
}

function readAdminToken(reader: EnvironmentReader): string | undefined {
  const token = reader.secret('SYNCLINE_ADMIN_TOKEN');
  if (token === undefined) return undefined;
  if (token.length < 32) {
    reader.problems.push(`SYNCLINE_ADMIN_TOKEN has ${token.length} characters, but needs at least 32.`);
  } else if (!/^[\x21-\x7e]+$/.test(token)) {
    reader.problems.push('SYNCLINE_ADMIN_TOKEN may hold printable ASCII characters without spaces only.');
  }
  return token;
}

function parsePublicUrl(text: string): string | undefined {
  if (!URL.canParse(text)) return undefined;
  const url = new URL(text);
  const plain = /^https?:$/.test(url.protocol) && url.search === '' && url.hash === '' && url.username === '';
  return plain ? text.replace(/\/+$/, '') : undefined;
}

function readTrustProxy(reader: EnvironmentReader): boolean | number | string | undefined {
  const expected = 'true, false, a number of proxies, or a comma-separated list of addresses';
  return reader.parsed<boolean | number | string>('TRUST_PROXY', expected, (text) => {
    if (/^(true|false)$/i.test(text)) return text.toLowerCase() === 'true';
    if (/^\d+$/.test(text)) return Number(text);
    return /^[\w.:/, -]+$/.test(text) ? text : undefined;
  });
}

function readTls(reader: EnvironmentReader): SettingsValues['tls'] {
  const cert = reader.file('TLS_CERT_FILE');
  const key = reader.file('TLS_KEY_FILE');
  const named = [reader.text('TLS_CERT_FILE'), reader.text('TLS_KEY_FILE')].filter((name) => name !== undefined);
  if (named.length === 1) reader.problems.push('TLS_CERT_FILE and TLS_KEY_FILE belong together: set both or neither.');
  return cert && key ? { cert, key } : undefined;
}

/** `WARNING` is what several other tools call it. */
const normaliseLevel = (text: string): string => {
  const lower = text.toLowerCase();
  if (lower === 'warning') return 'warn';
  return lower === 'critical' ? 'fatal' : lower;
};

function readConnectorDirs(reader: EnvironmentReader): readonly string[] | undefined {
  const dirs = (reader.text('CONNECTORS_DIR') ?? '').split(',').filter((dir) => dir.trim() !== '');
  if (dirs.length === 0) return undefined;
  const paths = dirs.map((dir) => resolve(dir.trim()));
  for (const path of paths.filter((path) => !statSync(path, { throwIfNoEntry: false })?.isDirectory())) {
    reader.problems.push(`CONNECTORS_DIR names ${path}, which is no folder.`);
  }
  return [...new Settings().connectorDirs, ...paths];
}
