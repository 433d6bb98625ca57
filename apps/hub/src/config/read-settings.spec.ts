import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { loadEnvironment } from './environment.js';
import { readSettings } from './read-settings.js';
import { StartError } from './start-error.js';

describe('the settings', () => {
  let folder: string;
  const file = (name: string, content: string) => {
    const path = join(folder, name);
    writeFileSync(path, content);
    return path;
  };
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'syncline-settings-'));
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  const key = 'ab'.repeat(32);
  const complaint = (environment: Record<string, string>): string => {
    try {
      readSettings(environment);
    } catch (error) {
      expect(error).toBeInstanceOf(StartError);
      return (error as StartError).message;
    }
    return '';
  };

  it('has a default for everything', () => {
    expect(readSettings({})).toMatchObject({
      port: 8000,
      host: '127.0.0.1',
      role: 'all',
      defaultIntervalMinutes: 10,
      historyDays: 365,
      logLevel: 'info',
      embedded: true,
      database: { dataDir: expect.stringMatching(/data\/database$/) },
    });
  });

  it('reads every variable', () => {
    const settings = readSettings({
      PORT: '9000',
      HOST: '0.0.0.0',
      DATABASE_URL: 'postgres://u:p@db/x',
      SYNCLINE_SECRET_KEY: Buffer.from(key, 'hex').toString('base64'),
      SYNCLINE_ADMIN_TOKEN: 'x'.repeat(32),
      PUBLIC_URL: 'https://hub.example/',
      TRUST_PROXY: '2',
      ROLE: 'Worker',
      WORKER_CONCURRENCY: '8',
      GIT_PROCESSES: '2',
      DEFAULT_SYNC_INTERVAL_MINUTES: '15',
      HISTORY_RETENTION_DAYS: '90',
      LOG_LEVEL: 'WARNING',
      LOG_FILE: '/tmp/x.log',
      DATA_DIR: '/srv/data',
      CONNECTORS_DIR: `${folder}, ${tmpdir()}`,
    });
    expect(settings).toMatchObject({
      port: 9000,
      database: { url: 'postgres://u:p@db/x' },
      publicUrl: 'https://hub.example',
      trustProxy: 2,
      role: 'worker',
      workerConcurrency: 8,
      gitProcesses: 2,
      defaultIntervalMinutes: 15,
      historyDays: 90,
      logLevel: 'warn',
      dataDir: '/srv/data',
      embedded: false,
    });
    expect(settings.secretKey?.toString('hex')).toBe(key);
    expect(settings.connectorDirs.slice(-2)).toEqual([folder, tmpdir()]);
  });

  it('reads each secret from a file as well, but not from both', () => {
    const settings = readSettings({
      DATABASE_URL_FILE: file('url', 'postgres://u:p@db/x\n'),
      SYNCLINE_SECRET_KEY_FILE: file('key', `${key}\n`),
      SYNCLINE_ADMIN_TOKEN_FILE: file('token', `${'t'.repeat(40)}\n`),
    });
    expect(settings).toMatchObject({ database: { url: 'postgres://u:p@db/x' }, adminToken: 't'.repeat(40) });
    const both = { SYNCLINE_SECRET_KEY: key, SYNCLINE_SECRET_KEY_FILE: join(folder, 'key') };
    expect(complaint(both)).toContain('SYNCLINE_SECRET_KEY and SYNCLINE_SECRET_KEY_FILE are both set');
    expect(complaint({ SYNCLINE_ADMIN_TOKEN_FILE: join(folder, 'none') })).toContain('cannot be read (ENOENT)');
  });

  it('stops the start with one sentence for each wrong value', () => {
    const wrong = complaint({
      PORT: '80x',
      ROLE: 'boss',
      LOG_LEVEL: 'loud',
      SYNCLINE_ADMIN_TOKEN: 'short',
      SYNCLINE_SECRET_KEY: 'abc',
      PUBLIC_URL: 'hub.example',
      DEFAULT_SYNC_INTERVAL_MINUTES: '0',
      HISTORY_RETENTION_DAYS: 'for ever',
      GIT_PROCESSES: '100',
      TRUST_PROXY: 'maybe?',
      TLS_CERT_FILE: '/does/not/exist',
      CONNECTORS_DIR: '/does/not/exist',
    });
    for (const name of [
      'PORT',
      'ROLE',
      'LOG_LEVEL',
      'SYNCLINE_ADMIN_TOKEN',
      'SYNCLINE_SECRET_KEY',
      'PUBLIC_URL',
      'DEFAULT_SYNC_INTERVAL_MINUTES',
      'HISTORY_RETENTION_DAYS',
      'GIT_PROCESSES',
      'TRUST_PROXY',
      'TLS_CERT_FILE',
      'CONNECTORS_DIR',
    ]) {
      expect(wrong).toMatch(new RegExp(`^${name} .+\\.$`, 'm'));
    }
    // A secret is not repeated, however wrong it is.
    expect(wrong).not.toContain('short');
  });

  it('refuses sqlite by naming the embedded default, and other databases by an example', () => {
    expect(complaint({ DATABASE_URL: 'sqlite:///app.db' })).toMatch(/Leave DATABASE_URL unset/);
    expect(complaint({ DATABASE_URL: 'mysql://secret@x/y' })).toMatch(/^(?!.*secret).*postgres:\/\//);
  });

  it('needs a key with DATABASE_URL, and everything in one process without', () => {
    expect(complaint({ DATABASE_URL: 'postgres://db/x' })).toContain('SYNCLINE_SECRET_KEY');
    expect(complaint({ ROLE: 'api' })).toContain('without DATABASE_URL only "all" works');
  });

  it('reads a .env file, but what is really set wins', () => {
    const path = file('.env', 'PORT=1234\nHOST="0.0.0.0" # all\n');
    expect(readSettings(loadEnvironment(path, { PORT: '99' }))).toMatchObject({ port: 99, host: '0.0.0.0' });
    expect(loadEnvironment(join(folder, 'none'), { A: 'b' })).toEqual({ A: 'b' });
  });

  describe('of a connection to Azure DevOps', () => {
    const azure = {
      GITLAB_URL: 'https://gitlab.example/gitlab/',
      GITLAB_ACCESS_TOKEN: 'glpat-1',
      GITLAB_PROJECT_ID: '4711',
      AZURE_DEVOPS_URL: 'https://dev.azure.com/acme/',
      AZURE_DEVOPS_TOKEN: 'pat-1',
      AZURE_DEVOPS_PROJECT: 'Web',
      AZURE_DEVOPS_REPO: 'web',
    };

    it('are read, secrets also from files', () => {
      const expected = {
        gitLab: { baseUrl: 'https://gitlab.example/gitlab', token: 'glpat-1' },
        gitLabProject: '4711',
        azure: { baseUrl: 'https://dev.azure.com/acme', token: 'pat-1' },
        azureProject: 'Web',
        azureRepository: 'web',
      };
      expect(readSettings(azure).azure).toEqual(expected);
      const { GITLAB_ACCESS_TOKEN: _gitLab, AZURE_DEVOPS_TOKEN: _azure, ...open } = azure;
      const files = {
        GITLAB_ACCESS_TOKEN_FILE: file('gitlab', 'glpat-1\n'),
        AZURE_DEVOPS_TOKEN_FILE: file('azure', 'pat-1\n'),
        GITLAB_WEBHOOK_SECRET_FILE: file('hook', 'secret\n'),
      };
      expect(readSettings({ ...open, ...files }).azure).toEqual({ ...expected, webhookSecret: 'secret' });
    });

    it('are none where only GITLAB_URL is set, which other programs read too', () => {
      expect(readSettings({ GITLAB_URL: 'https://gitlab.example' }).azure).toBeUndefined();
      expect(readSettings({}).azure).toBeUndefined();
    });

    it.each(Object.keys(azure))('must not miss %s', (name) => {
      const said = complaint({ ...azure, [name]: ' ' });
      expect(said).toContain(`but ${name} is not`);
      expect(said).not.toMatch(/glpat-1|pat-1/);
    });

    it('name what is wrong without repeating it', () => {
      expect(complaint({ GITLAB_WEBHOOK_SECRET: 'hush' })).toMatch(
        /^GITLAB_WEBHOOK_SECRET is set, but GITLAB_URL, .* are not/,
      );
      for (const name of ['GITLAB_URL', 'AZURE_DEVOPS_URL']) {
        expect(complaint({ ...azure, [name]: 'https://me:hush@dev.example' })).toBe(
          `${name} must not hold a user or password; those belong into credentials.`,
        );
        expect(complaint({ ...azure, [name]: 'dev.example' })).toContain(`${name} must be an address`);
      }
      const { AZURE_DEVOPS_TOKEN: _, ...open } = azure;
      expect(complaint({ ...open, AZURE_DEVOPS_TOKEN_FILE: join(folder, 'none') })).toMatch(
        /^AZURE_DEVOPS_TOKEN_FILE names the file .*, which cannot be read \(ENOENT\)\.$/,
      );
      expect(complaint({ ...azure, GITLAB_WEBHOOK_SECRET: 'a\nb' })).toBe(
        'GITLAB_WEBHOOK_SECRET must be a single line.',
      );
    });
  });
});
