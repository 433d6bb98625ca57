import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { readSettings } from './read-settings.js';
import { installationRoot } from './settings.js';

const codeSync = [
  'GIT_PROCESSES',
  'GITLAB_URL',
  'GITLAB_ACCESS_TOKEN',
  'GITLAB_PROJECT_ID',
  'GITLAB_WEBHOOK_SECRET',
  'AZURE_DEVOPS_URL',
  'AZURE_DEVOPS_TOKEN',
  'AZURE_DEVOPS_PROJECT',
  'AZURE_DEVOPS_REPO',
];
const read = (file: string): string => readFileSync(join(installationRoot, file), 'utf8');

describe('the examples that are shipped', () => {
  it('show each variable of code sync, and compose hands it to the hub, empty where nobody set it', () => {
    const compose = read('docker/compose.yaml');
    const example = read('.env.example');
    const readme = read('README.md');
    for (const name of codeSync) {
      expect(compose).toContain(`      ${name}: \${${name}:-}\n`);
      expect(example).toMatch(new RegExp(`^# ${name}=`, 'm'));
      expect(readme).toContain(`| \`${name}\``);
    }
  });

  it('mean nothing where they are handed over empty', () => {
    const settings = readSettings(Object.fromEntries(codeSync.map((name) => [name, ''])));
    expect([settings.azure, settings.gitProcesses]).toEqual([undefined, 4]);
  });
});
