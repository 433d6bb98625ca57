import { randomBytes } from 'node:crypto';
import { existsSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Settings } from '../config/settings.js';
import { StartError } from '../config/start-error.js';
import { readPrivateFile, writePrivateFile } from './private-file.js';
import { parseSecretKey } from './secret-key.js';

const keyFile = (dataDir: string) => join(dataDir, 'secret-key');
/** The key a rotation is changing to. It becomes `secret-key` once everything is sealed with it. */
const nextKeyFile = (dataDir: string) => join(dataDir, 'secret-key.next');

type KeyPlace = Pick<Settings, 'secretKey' | 'dataDir' | 'database'>;

/**
 * The keys to start with, the current one first. Embedded without SYNCLINE_SECRET_KEY: from the data folder, made at
 * the first start; after a rotation that was interrupted there are two, and the database says which one is in force.
 */
export function loadSecretKeys(settings: KeyPlace): readonly Buffer[] {
  if (settings.secretKey) return [settings.secretKey];
  const { dataDir } = settings;
  const next = readKey(nextKeyFile(dataDir));
  const current = readKey(keyFile(dataDir)) ?? (next === undefined ? makeFirstKey(settings) : undefined);
  return [current, next].filter((key) => key !== undefined);
}

/**
 * For other programs than the hub, before they open its embedded database: who makes the database makes its key, or the
 * hub would later take that key for lost. Does nothing to a database that exists.
 */
export function keepFirstKey(settings: KeyPlace): void {
  if (settings.secretKey !== undefined || madeDatabase(settings) !== undefined) return;
  if (![keyFile, nextKeyFile].some((file) => existsSync(file(settings.dataDir)))) makeFirstKey(settings);
}

/** Keeps a key beside the current one before anything is sealed with it. */
export function keepNextKey(dataDir: string, key: Buffer): void {
  writePrivateFile(nextKeyFile(dataDir), key.toString('hex'));
}

/** Ends a rotation, also one that a crash interrupted: the key in force is kept, the other one forgotten. */
export function settleKeyFiles(dataDir: string, inForce: 'current' | 'next'): void {
  if (!existsSync(nextKeyFile(dataDir))) return;
  if (inForce === 'next') renameSync(nextKeyFile(dataDir), keyFile(dataDir));
  else rmSync(nextKeyFile(dataDir));
}

function readKey(path: string): Buffer | undefined {
  const text = readPrivateFile(path);
  if (text === undefined) return undefined;
  const key = parseSecretKey(text);
  if (key === undefined) throw new StartError(`The file ${path} does not hold a secret key; restore it from a backup.`);
  return key;
}

/** The folder of the embedded database, once there is something in it. */
function madeDatabase({ database }: KeyPlace): string | undefined {
  const folder = 'dataDir' in database ? database.dataDir : undefined;
  return folder !== undefined && existsSync(folder) && readdirSync(folder).length > 0 ? folder : undefined;
}

function makeFirstKey(settings: KeyPlace): Buffer {
  const folder = madeDatabase(settings);
  if (folder !== undefined) {
    throw new StartError(
      `The database in ${folder} exists, but its key ${keyFile(settings.dataDir)} is missing. Restore that file from a backup or set SYNCLINE_SECRET_KEY; without the key the stored credentials cannot be read.`,
    );
  }
  const key = randomBytes(32);
  writePrivateFile(keyFile(settings.dataDir), key.toString('hex'));
  return key;
}
