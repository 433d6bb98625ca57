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

  it('that name each other name the right ones, whatever was copied first', async () => {
    const { source, target } = pair;
    for (let number = 1; number <= 2; number += 1) target.create(`Other ${number}`);
    source.create('First', { description: `After #2, ${source.url(2)} and !7` });
    const second = source.create('Second', { description: 'Before #1, see acme/source#1 and #3' });
    source.world.notes.create(second, { body: 'As #1 says', by: source.nora });
    source.create('Third', { description: 'Like #3 itself' });
    const host = pair.host({ bidirectional: true, filter: { notLabels: ['none'] } });
    await pair.sync(host);
    const iid = (title: string): number => target.issues.find((issue) => issue.title === title)?.iid ?? 0;
    const [first, other, third] = ['First', 'Second', 'Third'].map(iid);
    const merge = `${source.gitLab.url}/acme/source/-/merge_requests/7`;
    expect(target.view(iid('First')).text).toContain(`After #${other}, ${target.url(other ?? 0)} and ${merge}`);
    expect(target.view(iid('Second')).text).toMatch(
      new RegExp(`Before #${first}, see (?:acme/target)?#${first} and #${third}\n`),
    );
    expect(target.view(iid('Second')).comments[0]?.body).toContain(`As #${first} says`);
    expect(target.view(iid('Third')).text).toContain(`Like #${third} itself`);
    expect(await pair.writesWhenSettled(host)).toEqual([]);
    expect(source.issue(1).description).toBe(`After #2, ${source.url(2)} and !7`);
  });

  it('of systems are never copied', async () => {
    const { source, target } = pair;
    const issue = source.create('One');
    const host = pair.host({ bidirectional: true });
    await pair.sync(host);
    pair.pass();
    const changes = { title: 'Two', assignees: [source.nora], dueDate: '2026-05-01', addLabels: ['bug'] };
    source.world.issues.update(issue, changes, { by: source.nora });
    source.create('Names it', { description: 'See #1' });
    expect(issue.notes.filter(({ system }) => system).length).toBeGreaterThan(2);
    await pair.sync(host);
    await pair.sync(host, { mode: 'full' });
    expect([source, target].map((side) => side.comments(1))).toEqual([[], []]);
    expect(await pair.writesWhenSettled(host)).toEqual([]);
  });
});
