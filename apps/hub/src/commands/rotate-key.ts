import { randomBytes } from 'node:crypto';
import { StartError } from '../config/start-error.js';
import type { Settings } from '../config/settings.js';
import { KeyCheck } from '../secrets/key-check.js';
import { keepNextKey, loadSecretKeys, settleKeyFiles } from '../secrets/key-files.js';
import { reseal } from '../secrets/rotation.js';
import { SecretBox } from '../secrets/secret-box.js';
import { keyFingerprint } from '../secrets/secret-key.js';
import { withDatabase } from './offline-database.js';

/** Returns what happened, for people. Interrupted at any instant it leaves a hub that starts: before or after. */
export async function rotateKey(settings: Settings): Promise<string> {
  const fromFolder = settings.embedded && settings.secretKey === undefined;
  const next = newKey(settings, fromFolder);
  return withDatabase(settings, async (database) => {
    const from = new SecretBox(loadSecretKeys(settings));
    await new KeyCheck(database, settings, from).run();
    // Both keys can be read until the database says which one counts.
    if (fromFolder) keepNextKey(settings.dataDir, next);
    const count = await reseal(database, from, new SecretBox([next]));
    if (fromFolder) settleKeyFiles(settings.dataDir, 'next');
    const done = `${count} secrets are sealed with the new key (fingerprint ${keyFingerprint(next)}).`;
    return fromFolder ? done : `${done} Now restart every hub with SYNCLINE_SECRET_KEY set to it.`;
  });
}

function newKey(settings: Settings, fromFolder: boolean): Buffer {
  if (fromFolder) return randomBytes(32);
  const { newSecretKey, secretKey } = settings;
  if (newSecretKey === undefined) {
    throw new StartError(
      'Give the new key as SYNCLINE_NEW_SECRET_KEY or SYNCLINE_NEW_SECRET_KEY_FILE (32 bytes, hex or base64).',
    );
  }
  if (secretKey?.equals(newSecretKey))
    throw new StartError('SYNCLINE_NEW_SECRET_KEY is the key that is in use already.');
  return newSecretKey;
}
