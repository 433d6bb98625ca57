import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { PairWorld } from './testing/pair-world.js';

let pair: PairWorld;
beforeEach(async () => {
  pair = await PairWorld.start();
});
afterEach(() => pair.stop());

describe('what is confidential', () => {
  it('stays so: issues, and internal notes', async () => {
    const { source, target } = pair;
    const issue = source.create('Secret', { confidential: true });
    source.world.notes.create(issue, { body: 'For members', internal: true, by: source.nora });
    source.world.notes.create(issue, { body: 'For all', by: source.nora });
    const host = pair.host();
    await pair.sync(host);
    expect(target.view(1).confidential).toBe(true);
    expect(target.view(1).comments.map(({ internal }) => internal)).toEqual([true, false]);
    expect(await pair.writesWhenSettled(host)).toEqual([]);
  });

  it('takes its peer along when an issue turns confidential later', async () => {
    const { source, target } = pair;
    const issue = source.create('Public yet');
    const host = pair.host();
    await pair.sync(host);
    pair.pass();
    source.world.issues.update(issue, { confidential: true, description: 'The secret' }, { by: source.nora });
    await pair.sync(host);
    expect(target.view(1)).toMatchObject({ confidential: true, text: expect.stringContaining('The secret') });
  });

  it('is made public at the original alone: a copy that somebody opens is hidden again', async () => {
    const { source, target } = pair;
    const issue = source.create('Secret', { confidential: true });
    const host = pair.host({ bidirectional: true });
    await pair.sync(host);
    pair.pass();
    const [copy] = target.issues;
    if (copy === undefined) throw new Error('no copy');
    target.world.issues.update(copy, { confidential: false }, { by: target.nora });
    await pair.sync(host);
    expect([source.view(1).confidential, target.view(1).confidential]).toEqual([true, true]);
    expect(await pair.writesWhenSettled(host)).toEqual([]);
    pair.pass();
    source.world.issues.update(issue, { confidential: false }, { by: source.nora });
    await pair.sync(host);
    expect([source.view(1).confidential, target.view(1).confidential]).toEqual([false, false]);
    expect(await pair.writesWhenSettled(host)).toEqual([]);
  });

  it('takes the copy of a comment away that turns internal, and copies it as an internal one', async () => {
    const { source, target } = pair;
    const issue = source.create('Public');
    const notes = ['First', 'Not for all', 'Last'].map((body) =>
      source.world.notes.create(issue, { body, by: source.nora }),
    );
    const host = pair.host({ bidirectional: true });
    await pair.sync(host);
    pair.pass();
    const [, secret] = notes;
    if (secret === undefined) throw new Error('no comment');
    // Not by GitLab's interface as of today.
    Object.assign(secret, { internal: true });
    source.world.notes.update(secret, 'Not for all: the secret', { by: source.nora });
    await pair.sync(host);
    const texts = target.view(1).comments.map(({ body, internal }) => [body.split('\n').at(-1), internal]);
    expect(texts).toEqual([
      ['First', false],
      ['Last', false],
      ['Not for all: the secret', true],
    ]);
    expect(await pair.writesWhenSettled(host)).toEqual([]);
    pair.pass();
    source.world.notes.update(secret, 'Not for all: another secret', { by: source.nora });
    await pair.sync(host);
    expect(target.view(1).comments.at(-1)).toMatchObject({ internal: true });
    expect(target.comments(1).filter(({ body, internal }) => !internal && body.includes('secret'))).toEqual([]);
    expect(await pair.writesWhenSettled(host)).toEqual([]);
  });

  it('hides its copy when it turns confidential, even where such issues are not copied, and tells it nothing more', async () => {
    const { source, target } = pair;
    const issue = source.create('Public yet', { description: 'Nothing special' });
    const host = pair.host({ confidential: 'skip' });
    await pair.sync(host);
    pair.pass();
    const file = source.world.uploads.create(source.project, 'secret.txt', Buffer.from('secret'), source.nora);
    const text = `The secret: [file](/uploads/${file.secret}/${file.filename})`;
    source.world.issues.update(issue, { confidential: true, description: text }, { by: source.nora });
    source.world.notes.create(issue, { body: 'More of the secret', by: source.nora });
    await pair.sync(host);
    expect(target.view(1)).toMatchObject({ confidential: true, comments: [] });
    expect(target.view(1).text).not.toContain('secret');
    expect(target.project.uploads.size).toBe(0);
    expect(await pair.writesWhenSettled(host)).toEqual([]);
    // Public again: now it is told.
    pair.pass();
    source.world.issues.update(issue, { confidential: false }, { by: source.nora });
    await pair.sync(host);
    expect(target.view(1).confidential).toBe(false);
    expect(target.view(1).text).toContain('The secret');
    expect(await pair.writesWhenSettled(host)).toEqual([]);
  });

  it('brings no file along that only an internal comment names, where these are not copied', async () => {
    const { source, target } = pair;
    const file = source.world.uploads.create(source.project, 'secret.txt', Buffer.from('secret'), source.nora);
    const link = `[file](/uploads/${file.secret}/${file.filename})`;
    const issue = source.create('Public');
    source.world.notes.create(issue, { body: link, internal: true, by: source.nora });
    source.create('Secret', { confidential: true, description: link });
    await pair.sync(pair.host({ confidential: 'skip' }));
    expect([target.issues.length, target.project.uploads.size]).toEqual([1, 0]);
  });

  it('writes the flag before anything of a secret text', async () => {
    const { source, target } = pair;
    const issue = source.create('Public yet', { description: 'Nothing special' });
    const host = pair.host();
    await pair.sync(host);
    pair.pass();
    source.world.issues.update(issue, { confidential: true, description: 'The secret' }, { by: source.nora });
    source.world.notes.create(issue, { body: 'More of the secret', by: source.nora });
    const seen: boolean[] = [];
    const mark = target.world.notifications.all.length;
    await pair.sync(host);
    for (const { issue: told } of target.world.notifications.all.slice(mark)) seen.push(told.confidential);
    expect(seen.every((confidential) => confidential)).toBe(true);
    const writes = target.gitLab.requests.since(0).filter(({ method }) => method !== 'GET');
    expect(writes.slice(-2).map(({ endpoint }) => endpoint)).toEqual([
      'PUT /projects/:id/issues/:iid',
      'POST /projects/:id/issues/:iid/notes',
    ]);
  });

  it('is not copied at all where that was chosen, nor its comments', async () => {
    const { source, target } = pair;
    source.create('Secret', { confidential: true });
    const open = source.create('Open');
    source.world.notes.create(open, { body: 'For members', internal: true, by: source.nora });
    await pair.sync(pair.host({ confidential: 'skip' }));
    expect(target.issues.map(({ title }) => title)).toEqual(['Open']);
    expect(target.comments(1)).toEqual([]);
  });
});
