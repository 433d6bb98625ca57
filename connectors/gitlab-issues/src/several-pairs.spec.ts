import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { MemoryHub, MemoryStore, type MemoryHost } from '@syncline/connector-testing';
import type { GitLabIssuesConfig } from './config.js';
import { PairWorld } from './testing/pair-world.js';

let pair: PairWorld;
beforeEach(async () => {
  pair = await PairWorld.start();
});
afterEach(() => pair.stop());

describe('three projects, each kept in step with each', () => {
  it('hold every issue and comment once', async () => {
    const { source, target } = pair;
    const third = target.world.projects.create({ path: 'third', owner: target.project.owner });
    for (const user of [target.bot, target.nora]) target.world.projects.setMember(third, user, 'developer');
    const [a, b, c] = [
      { instance: source.instance, project: 'acme/source' },
      { instance: target.instance, project: 'acme/target' },
      { instance: target.instance, project: 'acme/third' },
    ];
    const hub = new MemoryHub();
    const hosts: MemoryHost<GitLabIssuesConfig>[] = [
      [a, b],
      [b, c],
      [a, c],
    ].map(([from, to], at) =>
      pair.host({ source: from, target: to, bidirectional: true }, new MemoryStore(hub, `pair ${at + 1}`)),
    );
    const inA = source.create('From A');
    target.create('From B');
    target.world.issues.create(third, { title: 'From C', by: target.nora });
    source.world.notes.create(inA, { body: 'Said in A', by: source.nora });
    const projects = [source.project, target.project, third];
    for (let round = 1; round <= 3; round += 1) for (const host of hosts) await pair.sync(host);
    for (const project of projects) {
      const issues = [...project.issues.byIid.values()];
      expect(issues.map(({ title }) => title).sort()).toEqual(['From A', 'From B', 'From C']);
      const said = issues.flatMap(({ notes }) => notes.filter(({ system }) => !system));
      expect(said).toHaveLength(1);
    }
    for (const host of hosts) expect(await pair.writesWhenSettled(host)).toEqual([]);
  });
});

describe('a second connection', () => {
  it('of the same two projects is refused, in either direction', async () => {
    const hub = new MemoryHub();
    await pair.sync(pair.host({}, new MemoryStore(hub, 'the first pair')));
    const { source, target } = pair.config();
    for (const config of [{}, { source: target, target: source }]) {
      const outcome = await pair.host(config, new MemoryStore(hub, 'another')).run();
      expect(outcome.error).toMatchObject({ kind: 'config', message: expect.stringContaining('the first pair') });
    }
  });

  it('after a lost database finds the copies by their markers', async () => {
    const issue = pair.source.create('One');
    pair.source.world.notes.create(issue, { body: 'Said', by: pair.source.nora });
    await pair.sync(pair.host());
    const fresh = pair.host();
    await pair.sync(fresh);
    expect(pair.target.issues).toHaveLength(1);
    expect(pair.target.comments(1)).toHaveLength(1);
    expect(await pair.writesWhenSettled(fresh)).toEqual([]);
  });

  it('of another hub is refused, until it is told to take the copies over', async () => {
    const issue = pair.source.create('One', { labels: ['bug'] });
    pair.source.world.notes.create(issue, { body: 'Said', by: pair.source.nora });
    await pair.sync(pair.host({ bidirectional: true }));
    const taking = pair.host({ bidirectional: true }, new MemoryStore(new MemoryHub('another-hub')));
    pair.pass();
    const refused = await taking.run();
    expect(refused.error).toMatchObject({ kind: 'config', message: expect.stringContaining('Another hub') });
    await pair.sync(taking, { mode: 'full', params: { repairLinks: true } });
    expect(taking.store.pair.all().filter(({ kind }) => kind === 'issue')).toHaveLength(1);
    expect([pair.source.issues.length, pair.target.issues.length]).toEqual([1, 1]);
    expect([pair.source.comments(1).length, pair.target.comments(1).length]).toEqual([1, 1]);
    expect(await pair.writesWhenSettled(taking)).toEqual([]);
  });

  it('takes issues of exactly the same title for copies where that was chosen', async () => {
    pair.source.create('The same', { description: 'From the source' });
    pair.source.create('Another');
    pair.target.create('The same', { description: 'From the target' });
    const host = pair.host({ matchExisting: 'title' });
    await pair.sync(host);
    expect(pair.target.issues.map(({ title }) => title).sort()).toEqual(['Another', 'The same']);
  });
});
