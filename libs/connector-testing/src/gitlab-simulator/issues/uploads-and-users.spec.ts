import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { AccessToken } from '../model/people.js';
import { startAcme, type Acme } from '../testing/acme.js';
import { ask, asObject, pluck } from '../testing/ask.js';

describe('uploads and users', () => {
  let acme: Acme;
  beforeEach(async () => {
    acme = await startAcme({ pathPrefix: '/gitlab' });
  });
  afterEach(async () => {
    expect(acme.gitlab.requests.unexpected).toEqual([]);
    await acme.gitlab.stop();
  });

  const upload = async (name: string, content: string | Uint8Array, token: AccessToken = acme.token) => {
    const form = new FormData();
    form.append('file', new Blob([typeof content === 'string' ? content : new Uint8Array(content)]), name);
    const init = { method: 'POST', headers: { 'PRIVATE-TOKEN': token.value }, body: form };
    const response = await fetch(`${acme.gitlab.url}/api/v4/projects/1/uploads`, init);
    return { status: response.status, body: asObject(await response.json()) };
  };

  it('a file goes up, and comes back by its secret with a token', async () => {
    const bytes = Uint8Array.from([0, 255, 128, 13, 10, 45, 45]);
    const { status, body } = await upload('my log (1).txt', bytes);
    expect(status).toBe(201);
    expect(body).toMatchObject({
      alt: 'my_log__1_.txt',
      url: expect.stringMatching(/^\/uploads\/[0-9a-f]{32}\/my_log__1_\.txt$/),
      full_path: `/-/project/1${String(body['url'])}`,
      markdown: `[my_log__1_.txt](${String(body['url'])})`,
    });
    expect((await upload('shot.PNG', 'x')).body['markdown']).toMatch(/^!\[shot\]\(/);
    const path = `/projects/1${String(body['url'])}`;
    const download = await fetch(`${acme.gitlab.url}/api/v4${path}`, {
      headers: { 'PRIVATE-TOKEN': acme.token.value },
    });
    expect(new Uint8Array(await download.arrayBuffer())).toEqual(bytes);
    expect((await ask(acme.gitlab, acme.member('guest'), path)).status).toBe(200);
    expect((await ask(acme.gitlab, acme.member(null), path)).status).toBe(404);
    expect((await ask(acme.gitlab, acme.token, path.replace('my_log', 'our_log'))).status).toBe(404);
    const list = (await ask(acme.gitlab, acme.token, '/projects/1/uploads')).rows();
    expect(list).toMatchObject([{ filename: 'shot.PNG' }, { filename: 'my_log__1_.txt', size: 7 }]);
    expect((await ask(acme.gitlab, acme.member('developer'), '/projects/1/uploads')).status).toBe(403);
    const id = String(list[1]?.['id']);
    expect((await ask(acme.gitlab, acme.token, `/projects/1/uploads/${id}`)).status).toBe(200);
    expect((await ask(acme.gitlab, acme.token, path, { method: 'DELETE' })).status).toBe(204);
    expect((await ask(acme.gitlab, acme.token, path)).status).toBe(404);
  });

  it('the web address of a file wants a session where the project is not public', async () => {
    const { gitlab, project } = acme;
    const { body } = await upload('a b.txt', 'hello');
    const pages = [`${gitlab.url}/acme/web${String(body['url'])}`, `${gitlab.url}${String(body['full_path'])}`];
    for (const page of pages) {
      const response = await fetch(page, { redirect: 'manual', headers: { 'PRIVATE-TOKEN': acme.token.value } });
      expect([response.status, response.headers.get('location')]).toEqual([302, `${gitlab.url}/users/sign_in`]);
    }
    gitlab.world.projects.setVisibility(project, 'public');
    for (const page of pages) expect(await (await fetch(page)).text()).toBe('hello');
    expect((await fetch(`${pages[0] ?? ''}x`)).status).toBe(404);
  });

  it('too large, missing and unreadable files are refused', async () => {
    acme.gitlab.world.trackerSettings.maxAttachmentBytes = 4;
    expect((await upload('big.bin', 'x'.repeat(5))).status).toBe(413);
    expect((await upload('fits.bin', 'xxxx')).status).toBe(201);
    const broken = {
      method: 'POST',
      headers: { 'PRIVATE-TOKEN': acme.token.value, 'Content-Type': 'multipart/form-data' },
      body: 'x',
    };
    expect((await fetch(`${acme.gitlab.url}/api/v4/projects/1/uploads`, broken)).status).toBe(400);
    const none = await ask(acme.gitlab, acme.token, '/projects/1/uploads', { method: 'POST', body: { file: 'text' } });
    expect(none.json()).toEqual({ error: 'file is invalid' });
    acme.gitlab.world.projects.archive(acme.project);
    expect((await upload('late.bin', 'x')).status).toBe(403);
  });

  it('versions before 17.4 give files to browsers only', async () => {
    const old = await startAcme({ version: '17.3.9' });
    const file = old.gitlab.world.uploads.create(old.project, 'a.txt', Buffer.from('x'), old.nora);
    expect((await ask(old.gitlab, old.token, `/projects/1/uploads/${file.secret}/a.txt`)).status).toBe(404);
    await old.gitlab.stop();
  });

  it('users are found by their exact name in any case, and by public addresses', async () => {
    const { gitlab, token } = acme;
    gitlab.world.users.create({ username: 'Nora-2', publicEmail: 'two@acme.example', email: 'secret@acme.example' });
    const names = async (query: string, by = token) =>
      pluck((await ask(gitlab, by, `/users?${query}`)).rows(), 'username');
    expect(await names('username=NORA')).toEqual(['nora']);
    expect(await names('username=nor')).toEqual([]);
    expect(await names('search=nora')).toEqual(['Nora-2', 'nora']);
    expect(await names('search=two@acme.example')).toEqual(['Nora-2']);
    expect(await names('search=secret@acme.example')).toEqual([]);
    const root = gitlab.world.tokens.create({ user: gitlab.world.users.root });
    expect(await names('search=secret@acme.example', root)).toEqual(['Nora-2']);
    const members = (await ask(gitlab, token, '/projects/1/users')).rows();
    expect(pluck(members, 'username')).toEqual(['nora']);
  });
});
