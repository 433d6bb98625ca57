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
