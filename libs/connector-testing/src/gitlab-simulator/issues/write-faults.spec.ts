import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { HttpFaultKind } from '../http/faults.js';
import { startAcme, type Acme } from '../testing/acme.js';
import { ask } from '../testing/ask.js';

describe('writes that go wrong', () => {
  let acme: Acme;
  beforeEach(async () => {
    acme = await startAcme();
  });
  afterEach(async () => {
    await acme.gitlab.stop();
  });
  const create = async (): Promise<number | 'cut'> => {
    const init = { method: 'POST', body: { title: 'Once' } };
    return ask(acme.gitlab, acme.token, '/projects/1/issues', init).then(
      ({ status }) => status,
      () => 'cut' as const,
    );
  };

  it.each<readonly [HttpFaultKind, number | 'cut', number]>([
    ['bad_gateway_before', 502, 0],
    ['bad_gateway_after', 502, 1],
    ['reset_before', 'cut', 0],
    ['reset_after', 'cut', 1],
    ['truncated_json', 201, 1],
    ['cut_body', 'cut', 1],
    ['rate_limited', 429, 0],
    ['rate_limited_app', 429, 0],
    ['unavailable', 503, 0],
    ['error500', 500, 0],
    ['forbidden', 403, 0],
    ['unprocessable', 422, 0],
    ['resource_lock', 409, 0],
    ['too_large', 413, 0],
  ])('%s is answered with %s and leaves %s issues', async (kind, status, count) => {
    acme.gitlab.faults.add({ kind, times: 1, match: { method: 'POST' } });
    expect(await create()).toBe(status);
    expect(acme.project.issues.byIid.size).toBe(count);
    expect(await create()).toBe(201);
    expect(acme.project.issues.byIid.size).toBe(count + 1);
  });

  it('refuse a text for good where the instance is told so', async () => {
    const { world } = acme.gitlab;
    const issue = world.issues.create(acme.project, { title: 'Target' });
    world.trackerSettings.unprocessable = /cursed/;
    const statusOf = async (method: string, path: string, body: unknown) =>
      (await ask(acme.gitlab, acme.token, `/projects/1/issues${path}`, { method, body })).status;
    expect(await statusOf('POST', '', { title: 'cursed' })).toBe(422);
    expect(await statusOf('PUT', '/1', { description: 'so cursed' })).toBe(422);
    expect(await statusOf('POST', '/1/notes', { body: 'cursed' })).toBe(422);
    expect(await statusOf('POST', '/1/discussions', { body: 'cursed' })).toBe(422);
    expect(await statusOf('PUT', '/1', { title: 'blessed' })).toBe(200);
    expect([issue.notes.filter(({ system }) => !system), issue.description]).toEqual([[], null]);
  });

  it('lose an upload, a note or an edit only after it took effect', async () => {
    const issue = acme.gitlab.world.issues.create(acme.project, { title: 'Target' });
    acme.gitlab.faults.add({ kind: 'bad_gateway_after' });
    const form = new FormData();
    form.append('file', new Blob(['x']), 'a.txt');
    const headers = { 'PRIVATE-TOKEN': acme.token.value };
    const sent = await fetch(`${acme.gitlab.url}/api/v4/projects/1/uploads`, { method: 'POST', headers, body: form });
    expect([sent.status, acme.project.uploads.size]).toEqual([502, 1]);
    await ask(acme.gitlab, acme.token, '/projects/1/issues/1/notes', { method: 'POST', body: { body: 'hello' } });
    expect(issue.notes).toHaveLength(1);
    await ask(acme.gitlab, acme.token, '/projects/1/issues/1', { method: 'PUT', body: { state_event: 'close' } });
    expect(issue.state).toBe('closed');
  });
});
