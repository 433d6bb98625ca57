import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { installationRoot } from './settings.js';

/** The version in the root package.json. */
export const version = readVersion();

function readVersion(): string {
  const content: unknown = JSON.parse(readFileSync(join(installationRoot, 'package.json'), 'utf8'));
  const found: unknown = typeof content === 'object' && content !== null ? Reflect.get(content, 'version') : undefined;
  return typeof found === 'string' ? found : 'unknown';
}
