import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { PairWorld, type SimulatedSide } from './testing/pair-world.js';

let pair: PairWorld;
beforeEach(async () => {
  pair = await PairWorld.start();
});
afterEach(() => pair.stop());

/** What our account made its instance tell people. */
const told = ({ world, bot }: SimulatedSide): string[] =>
  world.notifications.all.filter(({ by }) => by === bot).map(({ user, reason }) => `${reason} ${user.username}`);

const crossReferences = ({ issues }: SimulatedSide): string[] =>
  issues
    .flatMap(({ notes }) => notes.filter(({ body, system }) => system && body.startsWith('mentioned in')))
    .map(({ body }) => body);

describe('titles', () => {
  it('tell nobody on the other side, and refer to nothing there', async () => {
    const { source, target } = pair;
    const anna = target.member('anna', 'developer');
    target.world.issues.create(target.project, { title: 'Somebody else’s', by: target.nora });
    const issue = source.create(
      `Ask @anna, @nora and @all about #1, acme/target#1, ${target.url(1)}, &#64;anna, &commat;anna, &num;1`,
    );
    const host = pair.host({ bidirectional: true, matchExisting: 'none' });
    await pair.sync(host);
    const copy = target.issues.find(({ title }) => title.startsWith('Ask'));
    if (copy === undefined) throw new Error('no copy');
    pair.pass();
    source.world.issues.update(issue, { title: `${issue.title} and !1, \`@anna\`, @acme` }, { by: source.nora });
    await pair.sync(host);
    expect(copy.title.replaceAll('\u200B', '')).toBe(issue.title);
    expect([told(target), crossReferences(target)]).toEqual([[], []]);
    expect(await pair.writesWhenSettled(host)).toEqual([]);

    // The same title from a person does all that.
    target.world.issues.create(target.project, { title: issue.title, by: target.nora });
    const mentioned = target.world.notifications.all.filter(
      ({ user, reason }) => user === anna && reason === 'mentioned',
    );
    expect(mentioned).toHaveLength(1);
    expect(crossReferences(target)).toHaveLength(1);
  });

  it('come back as people wrote them', async () => {
    const { source, target } = pair;
    source.create('Ask @nora about #1');
    const host = pair.host({ bidirectional: true });
    await pair.sync(host);
    pair.pass();
    const copy = target.issue(1);
    target.world.issues.update(copy, { title: `${copy.title}, soon` }, { by: target.nora });
    const before = source.world.notifications.all.length;
    await pair.sync(host);
    expect(source.issue(1).title).toBe('Ask @nora about #1, soon');
    expect(copy.title).toBe('Ask @\u200Bnora about #\u200B1, soon');
    expect(source.world.notifications.all.slice(before).filter(({ reason }) => reason === 'mentioned')).toEqual([]);
    expect(await pair.writesWhenSettled(host)).toEqual([]);
  });

  it('are as long as GitLab takes, and stay so', async () => {
    const { source, target } = pair;
    const title = `${'x'.repeat(249)} @anna`;
    source.create(title);
    const host = pair.host({ bidirectional: true });
    await pair.sync(host);
    expect(target.issue(1).title).toBe(`${'x'.repeat(249)} @\u200Ban…`);
    expect(await pair.writesWhenSettled(host)).toEqual([]);
    expect(source.issue(1).title).toBe(title);
  });
});
