import { describe, expect, it } from '@jest/globals';
import type { MemoryProject } from '@syncline/connector-testing';
import { World } from '../../test/pair-world.js';
import { only, place } from '../../test/place.js';
import { expectIdle, settle } from '../../test/settle.js';

const z = '\u200B';

/** People our accounts mentioned. */
const called = (...projects: MemoryProject[]): string[] =>
  projects.flatMap(({ effects }) => effects.filter(({ by }) => by.startsWith('hub-')).map(({ what }) => what));

describe('a title that names somebody', () => {
  it('names nobody in the copy, and there is nothing left to do', async () => {
    const at = place();
    at.a.addIssue('nora', { title: 'Ask `@sammy` about #1, GL-2' });
    await at.pair.sync();
    expect(only(at.b).title).toBe(`Ask \`@${z}sammy\` about #${z}1, GL-${z}2`);
    expect(only(at.a).title).toBe('Ask `@sammy` about #1, GL-2');
    at.a.editIssue('1', { title: 'Ask @sammy, please, about #1' });
    await at.pair.sync();
    expect(only(at.b).title).toBe(`Ask @${z}sammy, please, about #${z}1`);
    expect(called(at.a, at.b)).toEqual([]);
    expect(await expectIdle([at.pair])).toBe(0);
  });

  it('comes back from the copy without our characters, and calls nobody its author had not called', async () => {
    const at = place();
    at.a.addIssue('nora', { title: 'Ask @sam about #1' });
    await at.pair.sync();
    at.b.editIssue('1', { title: `Please ask @${z}sam about #${z}1` });
    await at.pair.sync();
    expect(only(at.a).title).toBe('Please ask @sam about #1');
    expect(only(at.b).title).toBe(`Please ask @${z}sam about #${z}1`);
    at.b.editIssue('1', { title: `Please ask @${z}sam and @nora about #${z}1` });
    await at.pair.sync();
    expect(only(at.a).title).toBe(`Please ask @sam and @${z}nora about #1`);
    expect(called(at.a, at.b)).toEqual([]);
    expect(at.pair.store.pair.conflicts).toEqual([]);
    expect(await expectIdle([at.pair])).toBe(0);
  });

  it('does not come to life where its author wrote it out of reach', async () => {
    const at = place();
    at.a.addIssue('nora', { title: `Not for @${z}sam` });
    await at.pair.sync();
    at.b.editIssue('1', { title: `Really not for @${z}sam` });
    await at.pair.sync();
    expect(only(at.a).title).toBe(`Really not for @${z}sam`);
    expect(called(at.a, at.b)).toEqual([]);
    expect(await expectIdle([at.pair])).toBe(0);
  });

  it('stays as it is in copies that were made before, until somebody edits it', async () => {
    const at = place();
    at.a.addIssue('nora', { title: 'Ask @sammy' });
    await at.pair.sync();
    at.b.editIssue('1', { title: 'Ask @sammy' });
    at.pair.forgetCalls();
    for (const mode of ['incremental', 'full', 'incremental'] as const) await at.pair.sync({ mode });
    expect(at.pair.writes).toBe(0);
    expect(at.pair.store.pair.conflicts).toEqual([]);
    at.a.editIssue('1', { title: 'Do ask @sammy' });
    await at.pair.sync();
    expect(only(at.b).title).toBe(`Do ask @${z}sammy`);
  });

  it('finds its peer by what people read', async () => {
    const at = place({ policy: { match: 'title' } });
    at.a.addIssue('nora', { title: 'Ask @sam about #4' });
    at.a.addIssue('nora', { title: `Ask @${z}nora` });
    at.b.addIssue('norah', { title: `Ask @${z}sam about #${z}4` });
    at.b.addIssue('norah', { title: 'Ask @nora' });
    await at.pair.sync();
    expect([at.a.issues.size, at.b.issues.size]).toEqual([2, 2]);
    expect(at.pair.calls()).not.toHaveProperty('update');
    expect(at.pair.store.pair.conflicts).toEqual([]);
  });

  it('is no conflict where both sides say the same', async () => {
    const at = place();
    at.a.addIssue('nora', { title: 'One' });
    await at.pair.sync();
    at.a.editIssue('1', { title: 'Ask @sam' });
    at.b.editIssue('1', { title: `Ask @${z}sam` });
    await at.pair.sync();
    expect(at.pair.store.pair.conflicts).toEqual([]);
    expect(await expectIdle([at.pair])).toBe(0);
  });

  it('is as long as the other side takes', async () => {
    const at = place({
      right: {
        capabilities: { maxTitleLength: 20 },
        keep: (fields) => ({ ...fields, title: fields.title.slice(0, 20) }),
      },
    });
    at.a.addIssue('nora', { title: 'a long title, @sammy' });
    await settle(at.world, [at.pair]);
    expect(only(at.b).title).toBe(`a long title, @${z}sam…`);
    expect(only(at.a).title).toBe('a long title, @sammy');
    expect(await expectIdle([at.pair])).toBe(0);
  });

  it('names nobody in a copy of a copy', async () => {
    const world = new World();
    const [a, b, c] = ['a', 'b', 'c'].map((name) => world.project(name)) as [
      MemoryProject,
      MemoryProject,
      MemoryProject,
    ];
    const pairs = [world.pair('a', 'b'), world.pair('b', 'c', { users: [] })];
    a.addIssue('nora', { title: 'Ask @nore and @sammy' });
    await settle(world, pairs);
    expect([only(b).title, only(c).title]).toEqual(Array(2).fill(`Ask @${z}nore and @${z}sammy`));
    c.editIssue('1', { title: `Do ask @${z}nore and @sam` });
    await settle(world, pairs);
    expect([only(a).title, only(b).title]).toEqual([`Do ask @nore and @${z}sam`, `Do ask @${z}nore and @${z}sam`]);
    expect(called(a, b, c)).toEqual([]);
    expect(await expectIdle(pairs)).toBe(0);
  });
});
