import { get } from 'node:https';
import { afterEach, describe, expect, it } from '@jest/globals';
import type { HttpFaultKind } from './http/faults.js';
import { GitLabSimulator } from './simulator.js';
import { startAcme, type Acme } from './testing/acme.js';
import { ask } from './testing/ask.js';

describe('misbehaviour on request', () => {
  let acme: Acme;
  afterEach(async () => {
    await acme.gitlab.stop();
  });

  it('answers as a struggling GitLab does', async () => {
    acme = await startAcme();
    const { gitlab, token } = acme;
    const answers = async (kind: HttpFaultKind, path = '/projects/1/pipelines') => {
      gitlab.faults.clear();
      gitlab.faults.add({ kind, times: 1, retryAfterSeconds: 7 });
      return ask(gitlab, token, path);
    };
    expect(await answers('error500')).toMatchObject({ status: 500, text: '{"message":"500 Internal Server Error"}' });
    for (const [kind, status] of [
      ['bad_gateway_before', 502],
      ['unavailable', 503],
      ['gateway_timeout', 504],
      ['html', 200],
    ] as const) {
      const answer = await answers(kind);
      expect([kind, answer.status, answer.headers.get('content-type')]).toEqual([
        kind,
        status,
        'text/html; charset=utf-8',
      ]);
    }
    const limited = await answers('rate_limited');
    expect([limited.status, limited.text, limited.headers.get('retry-after')]).toEqual([429, 'Retry later\n', '7']);
    expect(limited.headers.get('ratelimit-remaining')).toBe('0');
    const limitedByApp = await answers('rate_limited_app');
    expect([limitedByApp.status, limitedByApp.headers.get('retry-after')]).toEqual([429, null]);
    expect(limitedByApp.object()).toHaveProperty('message.error');
    expect((await answers('gitaly_overloaded')).headers.get('retry-after')).toBe('7');
    expect((await answers('unauthorized')).status).toBe(401);
    expect((await answers('forbidden')).json()).toEqual({ message: '403 Forbidden' });
    expect((await answers('not_found')).json()).toEqual({ message: '404 Not found' });
    expect((await answers('no_route')).json()).toEqual({ error: '404 Not Found' });
    const truncated = await answers('truncated_json', '/projects/1');
    expect(truncated.status).toBe(200);
    expect(() => truncated.json()).toThrow(SyntaxError);
    for (const kind of ['reset_before', 'reset_after', 'cut_body'] as const) {
      await expect(answers(kind, '/projects/1')).rejects.toThrow();
    }
  });

  it('loses the answer of a write that took effect, or the write itself', async () => {
    acme = await startAcme();
    const { gitlab, project, token } = acme;
    const make = () =>
      ask(gitlab, token, '/projects/1/hooks', { method: 'POST', body: { url: 'http://127.0.0.1:9/hook' } });
    gitlab.faults.add({ kind: 'bad_gateway_before', match: { method: 'POST' }, times: 1 });
    expect([(await make()).status, project.hooks.size]).toEqual([502, 0]);
    gitlab.faults.add({ kind: 'bad_gateway_after', match: { method: 'POST' }, times: 1 });
    expect([(await make()).status, project.hooks.size]).toEqual([502, 1]);
    gitlab.faults.add({ kind: 'reset_after', match: { method: 'POST' }, times: 1 });
    await expect(make()).rejects.toThrow();
    expect(project.hooks.size).toBe(2);
  });

  it('tells when it strikes, before the effect or after it', async () => {
    acme = await startAcme();
    const { gitlab, project, token } = acme;
    const hooks: number[] = [];
    for (const kind of ['reset_before', 'error500', 'error500_after', 'reset_after'] as const) {
      gitlab.faults.add({ kind, match: { method: 'POST' }, times: 1, struck: () => hooks.push(project.hooks.size) });
      const body = { url: 'http://127.0.0.1:9/hook' };
      await ask(gitlab, token, '/projects/1/hooks', { method: 'POST', body }).catch(() => undefined);
    }
    expect(hooks).toEqual([0, 0, 1, 2]);
  });

  it('strikes the nth match, a share of them, or until it is removed', async () => {
    acme = await startAcme();
    const { gitlab, token } = acme;
    const status = async (path: string) => (await ask(gitlab, token, path)).status;
    const third = gitlab.faults.add({ kind: 'error500', match: { path: /pipelines/, nth: 2 } });
    expect([await status('/projects/1/pipelines'), await status('/projects/1')]).toEqual([200, 200]);
    expect([await status('/projects/1/pipelines'), await status('/projects/1/pipelines')]).toEqual([500, 200]);
    expect(third.hits).toBe(1);
    third.remove();
    const some = gitlab.faults.add({ kind: 'error500', match: { probability: 0.5 } });
    for (let count = 0; count < 40; count += 1) await status('/user');
    expect(some.hits).toBeGreaterThan(8);
    expect(some.hits).toBeLessThan(32);
    some.remove();
    expect(await status('/user')).toBe(200);
  });

  it('keeps clients waiting until it is removed, or all are', async () => {
    acme = await startAcme();
    const { gitlab, token } = acme;
    for (const letGo of ['remove', 'clear'] as const) {
      const fault = gitlab.faults.add({ kind: 'held' });
      const asked = ask(gitlab, token, '/projects/1');
      while (fault.hits === 0) await new Promise(setImmediate);
      const before = gitlab.requests.total;
      if (letGo === 'remove') fault.remove();
      else gitlab.faults.clear();
      expect([(await asked).status, gitlab.requests.total - before]).toEqual([200, 1]);
    }
  });

  it('repeats the first page instead of the asked one', async () => {
    acme = await startAcme();
    const { gitlab, project, token } = acme;
    for (let count = 0; count < 3; count += 1) gitlab.world.pipelines.create(project);
    const first = await ask(gitlab, token, '/projects/1/pipelines?per_page=1');
    gitlab.faults.add({ kind: 'repeated_page', match: { query: /page=2/ } });
    expect((await ask(gitlab, token, '/projects/1/pipelines?per_page=1&page=2')).text).toBe(first.text);
  });

  it('throttles a user in epoch-aligned windows, with the limit told per minute', async () => {
    acme = await startAcme({ rateLimit: { limit: 3, periodSeconds: 3600 } });
    const { gitlab, token, member, pass } = acme;
    const first = await ask(gitlab, token, '/user');
    const shown = ['ratelimit-limit', 'ratelimit-observed', 'ratelimit-remaining', 'ratelimit-reset', 'ratelimit-name'];
    const reset = String(Date.parse('2026-03-04T06:00:00Z') / 1000);
    expect(shown.map((name) => first.headers.get(name))).toEqual(['1', '1', '2', reset, 'throttle_authenticated_api']);
    await ask(gitlab, token, '/user');
    await ask(gitlab, token, '/user');
    const refused = await ask(gitlab, token, '/user');
    expect([refused.status, refused.text, refused.headers.get('retry-after')]).toEqual([429, 'Retry later\n', '3233']);
    expect(refused.headers.get('ratelimit-resettime')).toBe('Wed, 04 Mar 2026 06:00:00 GMT');
    expect((await ask(gitlab, member('reporter'), '/user')).status).toBe(200);
    pass(3_233_000);
    expect((await ask(gitlab, token, '/user')).status).toBe(200);
  });

  it('serves TLS that only its own authority vouches for', async () => {
    acme = await startAcme();
    const secure = await GitLabSimulator.start({ tls: true });
    const status = (ca: string | undefined) =>
      new Promise((resolve) => {
        const url = `${secure.url.replace('127.0.0.1', 'localhost')}/api/v4/user`;
        get(url, ca === undefined ? {} : { ca }, (response) => {
          response.resume();
          resolve(response.statusCode);
        }).on('error', (error: NodeJS.ErrnoException) => {
          resolve(error.code);
        });
      });
    try {
      expect(secure.url).toMatch(/^https:/);
      expect(await status(secure.ca)).toBe(401);
      expect(await status(undefined)).toMatch(/UNABLE_TO_VERIFY_LEAF_SIGNATURE|SELF_SIGNED_CERT_IN_CHAIN/);
    } finally {
      await secure.stop();
    }
  });
});
