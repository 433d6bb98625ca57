import { mkdtemp, mkdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type Json, request, startTestHub, type TestHub } from '../testing/test-hub.js';

describe('the HTTP border', () => {
  let hub: TestHub;
  let consoleDir: string;
  beforeAll(async () => {
    consoleDir = await mkdtemp(join(tmpdir(), 'syncline-console-'));
    hub = await startTestHub({ consoleDir });
  });
  afterAll(async () => {
    await hub.close();
    await rm(consoleDir, { recursive: true });
  });

  const problem = (answer: { headers: Headers; body: Json }) => {
    expect(answer.headers.get('content-type')).toContain('application/problem+json');
    return answer.body;
  };

  it('answers every error as a problem', async () => {
    const malformed = await hub.api('POST', '/api/instances', '{"name": ');
    expect(problem(malformed)).toMatchObject({ type: 'about:blank', title: 'Bad Request', status: 400 });
    const large = await hub.api('POST', '/api/instances', { name: 'x'.repeat(1_100_000) });
    expect(problem(large)).toMatchObject({ status: 413, title: 'Payload Too Large' });
    const unknown = await hub.api('GET', '/api/nothing');
    expect(problem(unknown)).toMatchObject({ status: 404 });
    const list = await hub.api('POST', '/api/instances', []);
    expect(problem(list)).toMatchObject({ status: 422 });
    const empty = await hub.api('POST', '/api/instances');
    expect(problem(empty)).toMatchObject({
      status: 422,
      errors: expect.arrayContaining([expect.objectContaining({ path: '/name' })]),
    });
    expect(problem(await hub.api('GET', '/api/instances/%E0%A4%A')).status).toBe(400);
  });

  it('refuses bodies that cannot be walked or stored, and names the place', async () => {
    const nested = (levels: number) => `{"limits": ${'{"a":'.repeat(levels)}1${'}'.repeat(levels)}}`;
    for (const body of [nested(200), nested(20_000), '['.repeat(50_000) + ']'.repeat(50_000)]) {
      const answer = await hub.api('POST', '/api/instances', body);
      expect(problem(answer)).toMatchObject({ status: 400, detail: 'The body nests deeper than 100 levels.' });
    }
    const texts = await hub.api('POST', '/api/connections', '{"config": {"a/b": ["x", "\\u0000"], "c": "\\ud83d"}}');
    expect(problem(texts)).toMatchObject({ status: 422 });
    expect(texts.body.errors.map(({ path }: { path: string }) => path)).toEqual(['/config/c', '/config/a~1b/1']);
    expect((await hub.api('POST', '/api/connections', '{"\\u0000": 1}')).status).toBe(422);
  });

  it('finds nothing by a text that cannot be stored', async () => {
    for (const path of [
      'instances?kind=a%00b',
      'connections?q=a%00b',
      'logs?q=a%00b',
      'logs?item=%00',
      'audit?actor=%00',
    ]) {
      expect(await hub.api('GET', `/api/${path}`)).toMatchObject({ status: 200, body: { items: [] } });
    }
  });

  it('refuses times that no calendar has', async () => {
    for (const from of ['x', '0000-01-01', '2026-02-31', '2026-01-01T25:00:00Z', '0001-01-01T00:00:00%2B02:00']) {
      const answer = await hub.api('GET', `/api/events?from=${from}`);
      expect([from, problem(answer).status]).toEqual([from, 400]);
    }
    for (const expiresAt of ['2026-W10', '0000-12-31', '2026-02-31']) {
      const { body } = await hub.api('POST', '/api/instances', { name: 'x', kind: 'x', expiresAt });
      expect(body.errors).toMatchObject([{ path: '/expiresAt' }]);
    }
  });

  it('refuses names of spaces', async () => {
    const { body } = await hub.api('POST', '/api/instances', { name: '  ', kind: 'x' });
    expect(body.errors).toMatchObject([{ path: '/name' }]);
  });

  it('names the type before the length where both are wrong', async () => {
    const { body } = await hub.api('POST', '/api/connections', { name: 5, connectorId: 'x', config: {}, tags: 'a' });
    expect(body.errors).toEqual([
      { path: '/name', message: 'must be a string' },
      { path: '/tags', message: 'must be an array' },
    ]);
  });

  it('refuses cursors of other lists', async () => {
    const cursors = [
      ['a', 'b'],
      [1, 2],
      [null, null],
      ['a\0', '00000000-0000-0000-0000-000000000000'],
      ['1', 'b'],
      ['9'.repeat(30), '1'],
      ['a'],
      ['1.5'],
      [1e30],
      [null],
      {},
    ];
    const lists = ['instances', 'connections', 'runs', 'events', 'links', 'deliveries', 'audit', 'logs'];
    for (const list of lists) {
      for (const cursor of cursors) {
        const text = Buffer.from(JSON.stringify(cursor)).toString('base64url');
        const answer = await hub.api('GET', `/api/${list}?cursor=${text}`);
        expect([list, cursor, problem(answer).status]).toEqual([list, cursor, 400]);
      }
    }
  });

  it('refuses limits and cursors that no list gave out', async () => {
    for (const query of ['limit=0', 'limit=501', 'limit=x', 'cursor=x', 'cursor=W10', 'limit=1&limit=2']) {
      const answer = await hub.api('GET', `/api/instances?${query}`);
      expect([query, problem(answer).status]).toEqual([query, 400]);
    }
  });

  it('keeps connections for longer than reverse proxies do, which would lose requests otherwise', async () => {
    expect((await hub.api('GET', '/api/connections')).headers.get('keep-alive')).toBe('timeout=75');
  });

  it('sends headers that keep strangers out, and the id of the request', async () => {
    const { headers } = await request(`${hub.url}/health`, 'GET', undefined, { 'x-request-id': 'abc-1' });
    expect(headers.get('x-request-id')).toBe('abc-1');
    expect(headers.get('x-powered-by')).toBeNull();
    expect(headers.get('strict-transport-security')).toBeNull();
    const policy = headers.get('content-security-policy') ?? '';
    expect(policy).toContain("default-src 'self'");
    expect(policy).toContain("script-src 'self'");
    expect(policy).not.toContain('upgrade-insecure-requests');
    expect(policy).not.toContain('unsafe-eval');
  });

  it('tells its health to everybody and its metrics to those with a token', async () => {
    const health = await request(`${hub.url}/health`);
    expect(health.body).toMatchObject({ status: 'ok', database: 'ok', version: expect.stringMatching(/^\d/) });
    await hub.api('GET', '/api/instances');
    const { body } = await hub.api('GET', '/metrics');
    expect(body).toMatch(
      /syncline_http_request_duration_seconds_count\{method="GET",route="\/api\/instances",status="200"\} \d/,
    );
    for (const name of [
      'runs_total',
      'events_stored_total',
      'deliveries_total',
      'remote_requests_total',
      'queue_depth',
      'lease_takeovers_total',
    ]) {
      expect(body).toContain(`# HELP syncline_${name}`);
    }
    expect(body).toContain('process_cpu_seconds_total');
  });

  it('describes itself completely', async () => {
    const { body } = await request(`${hub.url}/docs-json`);
    const routes = Object.entries(body.paths).flatMap(([path, methods]) =>
      Object.keys(methods as object).map((method) => `${method} ${path}`),
    );
    expect(routes).toEqual(expect.arrayContaining(documentedRoutes));
    expect(body.components.securitySchemes.bearer).toMatchObject({ scheme: 'bearer' });
    const vague = Object.entries<Json>(body.paths).flatMap(([path, methods]) =>
      Object.entries<Json>(methods).flatMap(([method, { responses }]) => {
        const told = Object.entries<Json>(responses).filter(([status]) => /^2/.test(status));
        const complete = told.length > 0 && told.every(([status, { content }]) => status === '204' || content);
        return complete ? [] : [`${method} ${path}`];
      }),
    );
    expect(vague).toEqual([]);
    const { responses } = body.paths['/api/instances'].post;
    expect(Object.keys(responses['422'].content)).toEqual(['application/problem+json']);
    expect(body.components.schemas.ProblemView).toBeDefined();
    for (const page of ['/docs', '/redoc', '/redoc/redoc.standalone.js']) {
      expect((await request(hub.url + page)).status).toBe(200);
    }
  });

  it('says that the console is not built, then serves it with its deep links', async () => {
    const page = (path: string) => request(hub.url + path, 'GET', undefined, { accept: 'text/html' });
    expect(await page('/')).toMatchObject({ status: 503, body: expect.stringContaining('npm run build') });
    await mkdir(join(consoleDir, 'assets'));
    await writeFile(join(consoleDir, 'index.html'), '<p>the console</p>');
    await writeFile(join(consoleDir, 'assets/app.js'), 'export {}');
    for (const path of ['/', '/connections/abc', '/runs?x=1']) {
      expect(await page(path)).toMatchObject({ status: 200, body: '<p>the console</p>' });
    }
    const script = await request(`${hub.url}/assets/app.js`);
    expect(script.headers.get('cache-control')).toContain('immutable');
    expect((await page('/assets/gone.js')).status).toBe(404);
    expect((await page('/api/nothing')).status).toBe(404);
    // Another way to write a folder, which once was redirected to.
    for (const path of [
      '/api/instances/..%2f..',
      '/api/instances/%2e%2e%2f%2e%2e/',
      '/api/..%2fassets',
      '/API/..%2f..',
    ]) {
      const answer = await hub.api('GET', path, undefined, { accept: 'text/html' });
      expect([path, answer.status, answer.headers.get('content-type')]).toEqual([
        path,
        404,
        expect.stringContaining('application/problem+json'),
      ]);
    }
  });
});

const documentedRoutes = [
  'get /api/instances',
  'post /api/instances',
  'patch /api/instances/{id}',
  'delete /api/instances/{id}',
  'post /api/instances/{id}/test',
  'get /api/connections',
  'post /api/connections',
  'post /api/connections/test',
  'patch /api/connections/{id}',
  'delete /api/connections/{id}',
  'post /api/connections/{id}/test',
  'post /api/connections/{id}/discover',
  'post /api/connections/{id}/sync',
  'get /api/runs',
  'get /api/runs/{id}',
  'post /api/runs/{id}/cancel',
  'get /api/runs/{id}/logs',
  'get /api/runs/{id}/stream',
  'get /api/logs',
  'get /api/connectors',
  'get /api/connectors/{id}',
  'get /api/connectors/{id}/logo',
  'get /api/deliveries',
  'post /api/deliveries/{id}/replay',
  'post /webhooks/{connectionId}',
  'get /api/audit',
  'post /api/session',
  'get /health',
  'get /metrics',
];
