import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { Settings } from '../config/settings.js';
import { keepFirstKey, loadSecretKeys } from './key-files.js';

describe('the key in the data folder', () => {
  let dataDir: string;
  beforeEach(() => {
    dataDir = mkdtempSync(join(tmpdir(), 'syncline-key-'));
  });
  afterEach(() => rmSync(dataDir, { recursive: true }));

  const makeDatabase = () => {
    mkdirSync(join(dataDir, 'database'));
    writeFileSync(join(dataDir, 'database/PG_VERSION'), '17');
  };

  it('is made by whoever makes the database, so that the hub starts on it later', () => {
    const settings = new Settings({ dataDir });
    keepFirstKey(settings);
    makeDatabase();
    const [key] = loadSecretKeys(settings);
    expect(key?.toString('hex')).toBe(readFileSync(join(dataDir, 'secret-key'), 'utf8').trim());
    keepFirstKey(settings);
    expect(loadSecretKeys(settings)).toEqual([key]);
  });

  it('is not made anew for a database that lost its own', () => {
    makeDatabase();
    const settings = new Settings({ dataDir });
    keepFirstKey(settings);
    expect(() => loadSecretKeys(settings)).toThrow(/its key .+secret-key is missing/);
  });

  it('is not made where it is given', () => {
    const secretKey = Buffer.alloc(32, 7);
    const settings = new Settings({ dataDir, secretKey });
    keepFirstKey(settings);
    makeDatabase();
    expect(() => loadSecretKeys(new Settings({ dataDir }))).toThrow(/is missing/);
    expect(loadSecretKeys(settings)).toEqual([secretKey]);
  });
});
