import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { DataSource } from 'typeorm';
import { ConsoleSessions } from './console-sessions.js';
import { type Json, request, startTestHub, type TestHub } from '../testing/test-hub.js';

describe('who may use the API', () => {
  let hub: TestHub;
  beforeAll(async () => {
    hub = await startTestHub();
  });
  afterAll(() => hub.close());

  const login = async (token: string) => {
    const answer = await request(`${hub.url}/api/session`, 'POST', { token });
    const cookie = answer.headers.get('set-cookie') ?? '';
    return { ...answer, cookie: cookie.split(';')[0] ?? '', attributes: cookie };
  };

  it('refuses what has no token, a wrong one or a strange header, as a problem', async () => {
    for (const path of [
      '/api/instances',
      '/api/connections',
      '/api/connectors',
      '/api/audit',
      '/api/tokens',
      '/metrics',
      '/API/instances',
    ]) {
      const answer = await request(hub.url + path);
      expect([path, answer.status]).toEqual([path, 401]);
      expect(answer.headers.get('www-authenticate')).toContain('Bearer');
      expect(answer.headers.get('content-type')).toContain('application/problem+json');
    }
    for (const authorization of ['Bearer wrong', 'Basic abc', 'Bearer', `Bearer ${hub.hub.adminToken}x`]) {
      expect((await request(`${hub.url}/api/instances`, 'GET', undefined, { authorization })).status).toBe(401);
    }
    expect((await hub.api('GET', '/api/instances')).status).toBe(200);
  });

  it('lets deliveries of remotes in without a token: who sent them is checked by the connector', async () => {
    const answer = await request(`${hub.url}/webhooks/4b0f6ed2-7a55-4d4e-9d54-2f8f5b6ac001`, 'POST', {});
    expect(answer.status).toBe(404);
  });

  it('makes tokens that work until they are revoked', async () => {
    const made = await hub.api('POST', '/api/tokens', { name: 'ci' });
    expect(made.status).toBe(201);
    const authorization = `Bearer ${made.body.token}`;
    expect((await request(`${hub.url}/api/connections`, 'GET', undefined, { authorization })).status).toBe(200);
    expect((await hub.api('POST', '/api/tokens', { name: 'ci' })).status).toBe(409);
    const session = await login(made.body.token);
    const { items } = (await hub.api('GET', '/api/tokens')).body;
    expect(items.map((item: Json) => item.name)).toEqual(['admin', 'ci']);
    expect(JSON.stringify(items)).not.toContain(made.body.token);
    expect((await hub.api('DELETE', '/api/tokens/ci')).status).toBe(204);
    expect((await request(`${hub.url}/api/connections`, 'GET', undefined, { authorization })).status).toBe(401);
    // The session that was opened with it ends as well.
    expect((await request(`${hub.url}/api/session`, 'GET', undefined, { cookie: session.cookie })).status).toBe(401);
    expect((await hub.api('DELETE', '/api/tokens/admin')).status).toBe(409);
  });

  it('logs the console in with a cookie that scripts and other sites cannot use', async () => {
    const session = await login(hub.hub.adminToken);
    expect(session.status).toBe(204);
    expect(session.attributes).toMatch(/HttpOnly/);
    expect(session.attributes).toMatch(/SameSite=Strict/);
    expect(session.attributes).not.toMatch(/Secure/);
    const { cookie } = session;
    expect((await request(`${hub.url}/api/session`, 'GET', undefined, { cookie })).body).toEqual({ name: 'admin' });
    expect((await request(`${hub.url}/api/instances`, 'GET', undefined, { cookie })).status).toBe(200);
    const change = (headers: Record<string, string>) =>
      request(`${hub.url}/api/tokens`, 'POST', { name: 'by cookie' }, { cookie, ...headers });
    expect((await change({})).status).toBe(403);
    expect((await change({ 'x-requested-with': 'syncline-console' })).status).toBe(201);
  });

  it('ends a session for every copy of its cookie, and no other one', async () => {
    const { cookie } = await login(hub.hub.adminToken);
    const other = await login(hub.hub.adminToken);
    const who = async (sent: string) =>
      (await request(`${hub.url}/api/session`, 'GET', undefined, { cookie: sent })).status;
    const logout = (headers: Record<string, string>) =>
      request(`${hub.url}/api/session`, 'DELETE', undefined, { cookie, ...headers });
    expect((await logout({})).status).toBe(403);
    expect(await who(cookie)).toBe(200);
    const out = await logout({ 'x-requested-with': 'syncline-console' });
    expect([out.status, out.headers.get('set-cookie')]).toEqual([204, expect.stringMatching(/syncline_session=;/)]);
    expect(await who(cookie)).toBe(401);
    expect((await request(`${hub.url}/api/instances`, 'GET', undefined, { cookie })).status).toBe(401);
    expect(await who(other.cookie)).toBe(200);
    // Logging out twice, or with nothing to log out of, is no error.
    expect((await logout({ 'x-requested-with': 'syncline-console' })).status).toBe(204);
  });

  it('does not bring back a session that ended, however fresh its cookie', async () => {
    const sessions = hub.hub.app.get(ConsoleSessions);
    const [admin]: { id: string }[] = await hub.hub.app.get(DataSource).query(`select id from api_token limit 1`);
    const id = await sessions.begin(admin!.id);
    expect([await sessions.extend(id), await sessions.isAlive(id, admin!.id)]).toEqual([true, true]);
    await hub.hub.app.get(DataSource).query(`update console_session set expires_at = now() where id = $1`, [id]);
    expect([await sessions.extend(id), await sessions.isAlive(id, admin!.id)]).toEqual([false, false]);
  });

  it('refuses a cookie that was tampered with', async () => {
    const { cookie } = await login(hub.hub.adminToken);
    const [head, , signature] = cookie.split('.');
    const payload = Buffer.from(JSON.stringify({ sub: 'x', mark: 'y', exp: 4e9 })).toString('base64url');
    for (const forged of [`${head}.${payload}.${signature}`, 'syncline_session=nonsense', `${cookie}x`]) {
      expect((await request(`${hub.url}/api/session`, 'GET', undefined, { cookie: forged })).status).toBe(401);
    }
  });

  it('keeps an audit log of who changed what', async () => {
    const { body } = await hub.api('GET', '/api/audit?subjectKind=token');
    expect(body.items.map((item: Json) => [item.actor, item.action, item.subject.name])).toEqual([
      ['admin', 'token.create', 'by cookie'],
      ['admin', 'token.revoke', 'ci'],
      ['admin', 'token.create', 'ci'],
    ]);
    const first = await hub.api('GET', '/api/audit?subjectKind=token&limit=2');
    const second = await hub.api('GET', `/api/audit?subjectKind=token&limit=2&cursor=${first.body.nextCursor}`);
    expect(first.body.items).toHaveLength(2);
    expect(second.body).toMatchObject({ items: [{ subject: { name: 'ci' } }], nextCursor: null });
  });

  // Last: it uses up what this address may do.
  it('slows down who guesses tokens', async () => {
    const statuses: number[] = [];
    for (let attempt = 0; attempt < 12; attempt++) statuses.push((await login(`guess ${attempt}`)).status);
    expect(new Set(statuses)).toEqual(new Set([401, 429]));
    const refused = await login('another guess');
    expect(refused.headers.get('retry-after')).toBe('60');
    expect(refused.body).toMatchObject({ status: 429, title: 'Too Many Requests' });
  });
});
