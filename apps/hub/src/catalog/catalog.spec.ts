import { rm } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { thingsMetadata, thingsSource, writeConnectors } from '../testing/test-connectors.js';
import { type Json, request, startTestHub, type TestHub } from '../testing/test-hub.js';

describe('the catalog', () => {
  let folder: string;
  let hub: TestHub;
  beforeAll(async () => {
    const other = (id: string, changes: object = {}) => ({ ...thingsMetadata, id, ...changes });
    folder = await writeConnectors({
      things: { metadata: thingsMetadata, source: thingsSource, logo: '<svg xmlns="http://www.w3.org/2000/svg"/>' },
      'twice-things': { metadata: thingsMetadata, source: thingsSource },
      unreadable: { metadataText: '{"id": ' },
      incomplete: { metadata: other('incomplete', { color: 'red' }), source: thingsSource },
      'bad-schema': {
        metadata: other('bad-schema', {
          configSchema: { type: 'object', properties: { a: { title: 'A', type: 'nonsense' } } },
        }),
        source: thingsSource,
      },
      'no-code': { metadata: other('no-code') },
      throws: { metadata: other('throws'), source: `throw new Error('not today')` },
      'no-export': { metadata: other('no-export'), source: `export const other = 1;` },
      escapes: { metadata: other('escapes', { entry: '../things/dist/index.js' }) },
    });
    hub = await startTestHub({ connectorDirs: [folder, '/does/not/exist'] });
  });
  afterAll(async () => {
    await hub.close();
    await rm(folder, { recursive: true });
  });

  it('lists every folder, the broken ones with their reason', async () => {
    const { body } = await hub.api('GET', '/api/connectors');
    const states = Object.fromEntries(
      body.items.map((item: Json) => [`${item.id} ${item.state}`, item.reason?.split('\n')[0]]),
    );
    expect(states).toEqual({
      'things ok': undefined,
      'things broken': expect.stringContaining('is taken by'),
      'unreadable broken': expect.stringContaining('metadata.json cannot be read'),
      'incomplete broken': expect.stringContaining('/color'),
      'bad-schema broken': expect.stringContaining('configSchema is no JSON Schema'),
      'no-code broken': expect.stringContaining('its code cannot be loaded'),
      'throws broken': expect.stringContaining('not today'),
      'no-export broken': expect.stringContaining('export `connector`'),
      'escapes broken': expect.stringContaining('leads out of the folder'),
    });
  });

  it('shows one connector with everything its metadata says, the working one where two have its id', async () => {
    const { status, body } = await hub.api('GET', '/api/connectors/things');
    expect(status).toBe(200);
    expect(body).toEqual({ ...thingsMetadata, state: 'ok' });
    expect((await hub.api('GET', '/api/connectors/nothing')).status).toBe(404);
  });

  it('shows a logo to everybody, and lets no script in it run', async () => {
    const logo = await request(`${hub.url}/api/connectors/things/logo`);
    expect(logo.status).toBe(200);
    expect(logo.headers.get('content-type')).toContain('image/svg+xml');
    expect(logo.headers.get('content-security-policy')).toContain('sandbox');
    expect((await request(`${hub.url}/api/connectors/no-code/logo`)).status).toBe(404);
  });
});
