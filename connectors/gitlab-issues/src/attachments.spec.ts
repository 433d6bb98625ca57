import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { PairWorld } from './testing/pair-world.js';

let pair: PairWorld;
beforeEach(async () => {
  pair = await PairWorld.start();
});
afterEach(() => pair.stop());

describe('texts', () => {
  it('bring their files along, once, byte by byte', async () => {
    const { source, target } = pair;
    const bytes = Buffer.from('\u0089PNG\r\n\u0000binary', 'latin1');
    const upload = source.world.uploads.create(source.project, 'screen shot.png', bytes, source.nora);
    const link = `![shot](/uploads/${upload.secret}/${upload.filename})`;
    const issue = source.create('With a picture', { description: `Look: ${link}` });
    source.world.notes.create(issue, { body: `Again: ${link}`, by: source.nora });
    const host = pair.host();
    await pair.sync(host);
    const copies = [...target.project.uploads.values()];
    expect(copies.map((copy) => copy.bytes.equals(bytes))).toEqual([true]);
    const reference = `/uploads/${copies[0]?.secret}/${copies[0]?.filename}`;
    expect(target.view(1).text).toContain(reference);
    expect(target.view(1).comments[0]?.body).toContain(reference);
    expect(await pair.writesWhenSettled(host)).toEqual([]);
    expect(target.project.uploads.size).toBe(1);
  });

  it('bring along the files that edits and later comments name', async () => {
    const { source, target } = pair;
    const issue = source.create('Without a picture', { description: 'Nothing yet' });
    const host = pair.host();
    await pair.sync(host);
    const file = (name: string): string => {
      const { secret, filename } = source.world.uploads.create(source.project, name, Buffer.from(name), source.nora);
      return `![shot](/uploads/${secret}/${filename})`;
    };
    pair.pass();
    source.world.issues.update(issue, { description: `Now: ${file('one.png')}` }, { by: source.nora });
    const note = source.world.notes.create(issue, { body: `And: ${file('two.png')}`, by: source.nora });
    await pair.sync(host);
    pair.pass();
    source.world.notes.update(note, `Or: ${file('three.png')}`, { by: source.nora });
    await pair.sync(host);
    const copies = new Map([...target.project.uploads.values()].map((copy) => [copy.filename, copy.secret]));
    expect([...copies.keys()].sort()).toEqual(['one.png', 'three.png', 'two.png']);
    const { text, comments } = target.view(1);
    expect(text).toContain(`Now: ![shot](/uploads/${copies.get('one.png')}/one.png)`);
    expect(comments[0]?.body).toContain(`Or: ![shot](/uploads/${copies.get('three.png')}/three.png)`);
    expect(await pair.writesWhenSettled(host)).toEqual([]);
  });

  it('name issues by their copies, and by full addresses where there is none', async () => {
    const { source, target } = pair;
    for (let number = 1; number <= 3; number += 1) target.create(`Other ${number}`);
    source.create('First');
    source.create('Second', { description: `See #1, !3, #99 and ${source.url(1)}.` });
    const host = pair.host();
    await pair.sync(host);
    await pair.sync(host);
    const second = target.issues.find(({ title }) => title === 'Second');
    const first = target.issues.find(({ title }) => title === 'First');
    if (second === undefined || first === undefined) throw new Error('no copies');
    const { text } = target.view(second.iid);
    expect(text).toContain(`See #${first.iid},`);
    expect(text).toContain(`${source.gitLab.url}/acme/source/-/merge_requests/3`);
    expect(text).toContain(source.url(99));
    expect(text).toContain(target.url(first.iid));
    expect(await pair.writesWhenSettled(host)).toEqual([]);
  });
});
