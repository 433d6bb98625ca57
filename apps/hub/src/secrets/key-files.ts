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

/**
 * The keys to start with, the current one first. Embedded without SYNCLINE_SECRET_KEY: from the data folder, made at
 * the first start; after a rotation that was interrupted there are two, and the database says which one is in force.
 */
export function loadSecretKeys(settings: Settings): readonly Buffer[] {
  if (settings.secretKey) return [settings.secretKey];
  const { dataDir } = settings;
  const next = readKey(nextKeyFile(dataDir));
  const current = readKey(keyFile(dataDir)) ?? (next === undefined ? makeFirstKey(settings) : undefined);
  return [current, next].filter((key) => key !== undefined);
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

function makeFirstKey(settings: Settings): Buffer {
  const folder = 'dataDir' in settings.database ? settings.database.dataDir : undefined;
  if (folder !== undefined && existsSync(folder) && readdirSync(folder).length > 0) {
    throw new StartError(
      `The database in ${folder} exists, but its key ${keyFile(settings.dataDir)} is missing. Restore that file from a backup or set SYNCLINE_SECRET_KEY; without the key the stored credentials cannot be read.`,
    );
  }
  const key = randomBytes(32);
  writePrivateFile(keyFile(settings.dataDir), key.toString('hex'));
  return key;
}
