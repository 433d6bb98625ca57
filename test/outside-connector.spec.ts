import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

const main = fileURLToPath(new URL('../apps/hub/dist/main.js', import.meta.url));
const adminToken = 'a-token-of-this-test-0123456789abcdef';

/** A package of the connector's own, whose name the hub has installed too. */
const ownAjv = {
  'package.json': '{"type":"module","exports":"./index.js"}',
  'index.js': 'export const whose = "mine";',
};

const metadata = (id: string) => ({
  id,
  displayName: id,
  description: 'Lies outside of the checkout.',
  color: '#336699',
  logo: 'logo.svg',
  version: '1.0.0',
  capabilities: [],
  instanceKinds: [],
  configSchema: { type: 'object', properties: {} },
  eventTypes: [],
  defaultIntervalMinutes: 10,
  docs: '# Outside',
});

/** Its check tells what its imports led to. */
const connector = (imports: string, label: string) => `${imports}
const label = ${label};
export const connector = {
  async check() { return { steps: [{ id: 'x', label, ok: true }] }; },
  async sync() { throw new ConnectorError('transient', 'x'); },
};`;

describe('a connector outside of the checkout', () => {
  let folder: string;
  let hub: ChildProcess;
  let url: string;

  function add(id: string, source: string, files: Record<string, string> = {}, at = join(folder, 'connectors')): void {
    const all = {
      'metadata.json': JSON.stringify(metadata(id)),
      'package.json': JSON.stringify({ name: id, type: 'module' }),
      'dist/index.js': source,
      ...files,
    };
    for (const [name, content] of Object.entries(all)) {
      mkdirSync(dirname(join(at, id, name)), { recursive: true });
      writeFileSync(join(at, id, name), content);
    }
  }

  async function api(method: string, path: string, body?: unknown): Promise<ReturnType<JSON['parse']>> {
    const headers = { authorization: `Bearer ${adminToken}`, 'content-type': 'application/json' };
    const answer = await fetch(url + path, { method, headers, body: body === undefined ? null : JSON.stringify(body) });
    return answer.json();
  }

  const labelOf = async (connectorId: string) =>
    (await api('POST', '/api/connections/test', { connectorId, config: {} })).steps[0].label;

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'syncline-outside-'));
    const sdk = `import { ConnectorError } from '@syncline/connector-sdk';`;
    add('bare', connector(sdk, `new ConnectorError('config', 'x').kind`));
    add('borrowing', connector(`${sdk} import { Ajv } from 'ajv';`, 'typeof Ajv'));
    add('bringing', connector(`${sdk} import { whose } from 'ajv';`, 'whose'), {
      ...Object.fromEntries(Object.entries(ownAjv).map(([name, text]) => [`node_modules/ajv/${name}`, text])),
      'node_modules/@syncline/connector-sdk/package.json': '{"type":"module","exports":"./index.js"}',
      'node_modules/@syncline/connector-sdk/index.js': 'export class ConnectorError { constructor() { throw 1; } }',
    });
    add('wishing', connector(`${sdk} import 'a-package-that-nobody-has';`, '""'));
    add('linked', connector(sdk, `ConnectorError.name`), {}, join(folder, 'elsewhere'));
    symlinkSync(join(folder, 'elsewhere/linked'), join(folder, 'connectors/linked'));
    const env = {
      PATH: process.env['PATH'],
      PORT: '0',
      DATA_DIR: join(folder, 'data'),
      CONNECTORS_DIR: join(folder, 'connectors'),
      SYNCLINE_ADMIN_TOKEN: adminToken,
    };
    hub = spawn(process.execPath, [main], { cwd: folder, env, stdio: ['ignore', 'pipe', 'inherit'] });
    let said = '';
    await new Promise<void>((resolve) => {
      hub.stdout?.on('data', (chunk: Buffer) => {
        said += chunk.toString();
        if (said.includes('Ready.')) resolve();
      });
    });
    url = /listens on (\S+)/.exec(said)?.[1] ?? '';
  }, 300_000);
  afterAll(async () => {
    const ended = once(hub, 'exit');
    hub.kill('SIGTERM');
    await ended;
    rmSync(folder, { recursive: true, force: true });
  });

  it('uses the contract and the packages that are installed with the hub', async () => {
    expect(await labelOf('bare')).toBe('config');
    expect(await labelOf('borrowing')).toBe('function');
    expect(await labelOf('linked')).toBe('ConnectorError');
  });

  it('keeps packages it brings itself, but never another copy of the contract', async () => {
    expect(await labelOf('bringing')).toBe('mine');
    const made = await api('POST', '/api/connections', {
      name: 'b',
      connectorId: 'bringing',
      config: {},
      schedule: null,
    });
    const { runId } = await api('POST', `/api/connections/${made.id}/sync`, {});
    let run = await api('GET', `/api/runs/${runId}`);
    while (run.finishedAt === null) run = await api('GET', `/api/runs/${runId}`);
    // Thrown as the class the hub knows, so that its kind is understood.
    expect(run.error.kind).toBe('transient');
  });

  it('is broken with the name of what it lacks', async () => {
    const { items } = await api('GET', '/api/connectors');
    const wishing = items.find((item: { id: string }) => item.id === 'wishing');
    expect(wishing.state).toBe('broken');
    expect(wishing.reason).toContain("Cannot find package 'a-package-that-nobody-has'");
    expect(wishing.reason).toContain('wishing/dist/index.js');
    expect(items.filter((item: { state: string }) => item.state === 'broken')).toHaveLength(1);
  });
});
