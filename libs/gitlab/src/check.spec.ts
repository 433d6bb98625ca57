import { afterEach, describe, expect, it } from '@jest/globals';
import {
  type Answer,
  type Asked,
  httpFor,
  instanceAt,
  type ScriptedGitLab,
  startScriptedGitLab,
} from '../test/scripted-gitlab.js';
import { gitLabCheck } from './check.js';

let server: ScriptedGitLab | undefined;
afterEach(() => server?.close());

const user = { body: { id: 12, username: 'nora', name: 'Nora' } };
const token = (scopes: string[], expiresAt: string | null): Answer => ({
  body: { id: 1, name: 't', scopes, active: true, revoked: false, expires_at: expiresAt },
});

async function check(answers: Record<string, Answer>, credentials = { token: 'glpat-abcdefgh' }) {
  server = await startScriptedGitLab(({ path }: Asked) => answers[path.replace('/gitlab/api/v4/', '')]);
  const instance = instanceAt(server.baseUrl, { credentials });
  return gitLabCheck(httpFor(instance), instance, { now: () => new Date('2026-01-01T00:00:00Z') });
}

describe('the check of an instance', () => {
  it('names account, end of the token and version when all is well', async () => {
    const result = await check({
      user,
      'personal_access_tokens/self': token(['read_api'], '2026-06-01'),
      metadata: { body: { version: '18.4.2', enterprise: false } },
    });
    expect(result).toMatchObject({
      ok: true,
      account: { id: '12', username: 'nora' },
      expiresAt: new Date('2026-06-01T00:00:00Z'),
      version: { version: '18.4.2' },
    });
    expect(result.steps.map(({ id, ok, hint }) => [id, ok, hint])).toEqual([
      ['dns', true, undefined],
      ['answer', true, undefined],
      ['auth', true, undefined],
      ['scope', true, undefined],
      ['version', true, undefined],
    ]);
  });

  it('warns of a token that ends soon', async () => {
    const result = await check({ user, 'personal_access_tokens/self': token(['api'], '2026-01-08') });
    expect(result.steps.find(({ id }) => id === 'scope')).toMatchObject({
      ok: true,
      hint: expect.stringContaining('7 days'),
    });
  });

  it('stops at a scope that is too small, with the scopes to take', async () => {
    const result = await check({ user, 'personal_access_tokens/self': token(['read_user'], null) });
    expect(result).toMatchObject({ ok: false });
    expect(result.steps.at(-1)).toMatchObject({
      id: 'scope',
      ok: false,
      hint: expect.stringContaining('api, read_api'),
    });
  });

  it('does not pass on that asking for the user alone would need less', async () => {
    const body = { error: 'insufficient_scope', scope: 'api read_api read_user' };
    const { steps } = await check({ user: { status: 403, body } });
    expect(steps.at(-1)).toMatchObject({ id: 'scope', ok: false, hint: expect.stringContaining('api, read_api.') });
    expect(steps.at(-1)?.hint).not.toContain('read_user');
  });

  it('lets tokens pass that cannot ask about themselves', async () => {
    const result = await check({ user });
    expect(result.ok).toBe(true);
    expect(result.steps.find(({ id }) => id === 'scope')).toMatchObject({ ok: true, hint: expect.any(String) });
  });

  it.each([
    ['a refused token', { status: 401, body: { message: '401 Unauthorized' } }, 'auth', 'does not accept'],
    [
      'an expired token',
      { status: 401, body: { error: 'invalid_token', error_description: 'Token is expired.' } },
      'auth',
      'has expired',
    ],
    ['a missing scope', { status: 403, body: { error: 'insufficient_scope', scope: 'read_api' } }, 'scope', 'read_api'],
    ['something that is no GitLab', { body: '<html>Welcome</html>' }, 'answer', 'HTML page'],
    ['a server in trouble', { status: 503, body: { message: 'no' } }, 'answer', 'at the moment'],
  ])('says what to fix at %s', async (_what, answer: Answer, id, hint) => {
    const result = await check({ user: answer });
    expect(result).toMatchObject({ ok: false });
    expect(result.steps.at(-1)).toMatchObject({ id, ok: false, hint: expect.stringContaining(hint) });
  });

  it('knows a deploy token by its prefix', async () => {
    const result = await check(
      { user: { status: 401, body: { message: '401 Unauthorized' } } },
      { token: 'gldt-abcdefgh' },
    );
    expect(result.steps.at(-1)?.hint).toContain('deploy token');
  });

  it('says that nobody listens at the address', async () => {
    server = await startScriptedGitLab(() => undefined);
    await server.close();
    const instance = instanceAt(server.baseUrl);
    const result = await gitLabCheck(httpFor(instance), instance);
    expect(result.steps).toMatchObject([
      { id: 'dns', ok: true },
      { id: 'answer', ok: false, hint: expect.stringContaining('refuses connections') },
    ]);
  });

  it('shows the link of the chain that broke: name, proxy or certificate', async () => {
    const checked = async (baseUrl: string, proxyUrl?: string) => {
      const instance = instanceAt(baseUrl, { proxyUrl });
      return (await gitLabCheck(httpFor(instance), instance)).steps.map(({ id, ok }) => `${id} ${ok}`);
    };
    server = await startScriptedGitLab(() => undefined);
    expect(await checked('http://no-such-host.invalid')).toEqual(['dns false']);
    expect(await checked(server.baseUrl.replace('http:', 'https:'))).toEqual(['dns true', 'tls false']);
    await server.close();
    const { origin } = new URL(server.baseUrl);
    expect(await checked('https://gitlab.example', origin)).toEqual(['dns true', 'proxy false']);
  });
});
