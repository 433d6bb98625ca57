import { mkdir, mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A connector for a system of `things`, with every hint a config schema may carry. */
export const thingsMetadata = {
  id: 'things',
  displayName: 'Things',
  description: 'Reads things.',
  color: '#336699',
  logo: 'logo.svg',
  version: '1.0.0',
  capabilities: ['events', 'discovery'],
  instanceKinds: [
    {
      kind: 'thing-store',
      displayName: 'Thing store',
      credentials: [
        { name: 'token', label: 'Token', required: true },
        { name: 'username', label: 'User', secret: false },
      ],
      baseUrl: { default: 'https://things.example' },
    },
    { kind: 'other-store', displayName: 'Other store', credentials: [], baseUrl: {} },
  ],
  configSchema: {
    type: 'object',
    required: ['instance'],
    properties: {
      instance: { type: 'string', title: 'Store', 'x-instance': 'thing-store' },
      projects: { type: 'array', items: { type: 'string' }, title: 'Projects', 'x-list': true },
      limit: { type: 'integer', minimum: 1, title: 'Limit' },
      webhookSecret: { type: 'string', title: 'Secret', 'x-secret': true },
      nested: {
        type: 'object',
        title: 'Nested',
        additionalProperties: false,
        properties: {
          key: { type: 'string', title: 'Key', 'x-secret': true },
          mode: { enum: ['a', 'b'], title: 'Mode' },
        },
      },
    },
  },
  configAliases: {
    token: 'instance.credentials.token',
    url: 'instance.baseUrl',
    repos: 'projects',
    poll_interval: 'schedule.intervalSeconds',
  },
  eventTypes: [{ name: 'thing', label: 'Thing', fields: [] }],
  defaultIntervalMinutes: 7,
  docs: '# Things',
};

/** Its check asks the instance for /me; its sync succeeds; its discovery offers what the instance's /projects lists. */
export const thingsSource = `
const get = async (session, instance, path) =>
  session.http(instance).request({ method: 'GET', path, auth: { 'private-token': instance.credentials.token } });
export const connector = {
  async check(session, config) {
    const answer = await get(session, config.instance, '/me');
    if (answer.status !== 200) {
      return { steps: [{ id: 'auth', label: 'Token', ok: false, hint: 'refused: ' + config.instance.credentials.token }] };
    }
    return {
      steps: [{ id: 'auth', label: 'Token', ok: true }, { id: 'config', label: JSON.stringify(Object.keys(config)), ok: true }],
      account: answer.body,
      expiresAt: new Date('2030-01-02T00:00:00Z'),
    };
  },
  async sync() { return { fetched: 0, stored: 0 }; },
  discovery: {
    async discover(session, config, query) {
      const answer = await get(session, config.instance, '/projects');
      return { items: answer.body.filter((name) => name.includes(query.query ?? '')).map((name) => ({ value: name, label: name })) };
    },
  },
};
`;

/** Writes connector folders below a new folder; a value of undefined leaves the file out. */
export async function writeConnectors(
  connectors: Record<string, { metadata?: unknown; source?: string; logo?: string; metadataText?: string }>,
): Promise<string> {
  const parent = await mkdtemp(join(tmpdir(), 'syncline-connectors-'));
  for (const [name, files] of Object.entries(connectors)) {
    const folder = join(parent, name);
    await mkdir(join(folder, 'dist'), { recursive: true });
    await writeFile(join(folder, 'package.json'), JSON.stringify({ type: 'module' }));
    await writeFile(join(folder, 'metadata.json'), files.metadataText ?? JSON.stringify(files.metadata));
    if (files.source !== undefined) await writeFile(join(folder, 'dist/index.js'), files.source);
    if (files.logo !== undefined) await writeFile(join(folder, 'logo.svg'), files.logo);
  }
  return parent;
}
