import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { PairWorld } from './testing/pair-world.js';

let pair: PairWorld;
beforeEach(async () => {
  pair = await PairWorld.start();
});
afterEach(() => pair.stop());

describe('the first sync', () => {
  it('copies every field, says where the copy comes from, and leaves the original alone', async () => {
    const { source, target } = pair;
    const milestone = source.world.milestones.create(source.project, {
      title: 'R1',
      description: 'The first',
      dueDate: '2026-06-30',
    });
    source.world.labels.create(source.project, { name: 'bug', color: '#d9534f', description: 'Broken' });
    source.create('Login fails', {
      description: 'Steps:\n\n1. open\n2. cry',
      labels: ['bug'],
      milestone,
      dueDate: '2026-04-01',
    });
    const closed = source.create('Done already');
    source.world.issues.close(closed, { by: source.nora });
    const before = source.issues.map(({ updatedAt, description }) => [updatedAt, description]);
    const host = pair.host();
    await pair.sync(host);
    expect(target.view(1)).toEqual({
      title: 'Login fails',
      state: 'opened',
      labels: ['bug'],
      assignees: [],
      milestone: 'R1',
      dueDate: '2026-04-01',
      confidential: false,
      text: expect.stringContaining('1. open\n2. cry'),
      comments: [],
    });
    expect(target.view(1).text).toMatch(new RegExp(`\n---\nSynced from: ${source.url(1)}$`));
    expect(target.view(2)).toMatchObject({ title: 'Done already', state: 'closed' });
    expect(target.world.labels.find(target.project, 'bug')).toMatchObject({ color: '#d9534f', description: 'Broken' });
    const [copied] = target.project.milestones.values();
    expect(copied).toMatchObject({ title: 'R1', description: 'The first', dueDate: '2026-06-30' });
    expect(source.issues.map(({ updatedAt, description }) => [updatedAt, description])).toEqual(before);
    expect(await pair.writesWhenSettled(host)).toEqual([]);
  });

  it('writes one request for each thing made, and one for each closed issue', async () => {
    const { source } = pair;
    for (let number = 1; number <= 20; number += 1) {
      pair.clock.advance(1_000);
      const issue = source.create(`Issue ${number}`, { labels: ['one'] });
      source.world.notes.create(issue, { body: 'A comment', by: source.nora });
      if (number % 4 === 0) source.world.issues.close(issue, { by: source.nora });
    }
    const host = pair.host();
    const { asked } = await pair.requestsOf(() => pair.sync(host));
    const writes = asked.filter(({ method }) => method !== 'GET');
    expect(writes).toHaveLength(20 + 20 + 5 + 1);
    expect(await pair.writesWhenSettled(host)).toEqual([]);
  });

  it('when nothing changed since asks for at most four things', async () => {
    pair.source.create('One');
    const host = pair.host({ bidirectional: true });
    for (let round = 1; round <= 2; round += 1) await pair.sync(host);
    const { asked } = await pair.requestsOf(() => pair.sync(host));
    expect(asked.length).toBeLessThanOrEqual(4);
  });

  it('is shown by a plan before, which writes nothing', async () => {
    const { source, target } = pair;
    source.create('One', { labels: ['bug'] });
    const host = pair.host();
    pair.pass();
    const { result, asked } = await pair.requestsOf(() => host.run({ kind: 'plan' }));
    expect(result.status).toBe('succeeded');
    expect(asked.every(({ method }) => method === 'GET')).toBe(true);
    expect(result.planned).toContainEqual(
      expect.objectContaining({ op: 'create', kind: 'issue', side: 'right', title: 'One', reason: expect.any(String) }),
    );
    expect(target.issues).toEqual([]);
    expect(host.store.pair.all()).toEqual([]);
  });

  it('keeps to the filter', async () => {
    const { source, target } = pair;
    source.create('Wanted', { labels: ['public'] });
    source.create('Not wanted', { labels: ['public', 'secret'] });
    source.create('Nor this');
    await pair.sync(pair.host({ filter: { labels: ['public'], notLabels: ['secret'] } }));
    expect(target.issues.map(({ title }) => title)).toEqual(['Wanted']);
  });

  it('needs no more than the scope api and the role Developer', async () => {
    pair.source.create('One');
    await pair.sync(pair.host({ bidirectional: true }));
    expect(pair.target.view(1).title).toBe('One');
  });

  it('is content with the scope read_api where it only reads', async () => {
    const { source, target } = pair;
    const issue = source.create('One');
    source.world.notes.create(issue, { body: 'Said', by: source.nora });
    const instance = source.instanceAs(source.bot, ['read_api']);
    const host = pair.host({ source: { instance, project: source.project.id } });
    await pair.sync(host);
    await pair.sync(host, { mode: 'full' });
    expect(target.view(1).comments).toHaveLength(1);
  });
});

describe('people', () => {
  it('stand for each other as mapped; others are left out, with one warning for each', async () => {
    const { source, target } = pair;
    source.member('ben', 'developer');
    source.member('zoe', 'developer');
    const people = new Map([...source.world.users.byId.values()].map((user) => [user.username, user]));
    for (const name of ['ben', 'zoe', 'zoe']) {
      const user = people.get(name);
      if (user !== undefined) source.create(`For ${name}`, { assignees: [user] });
    }
    const host = pair.host();
    host.store.hub.mappings.push({
      sourceInstanceId: source.instance.id,
      sourceUsername: 'ben',
      targetInstanceId: target.instance.id,
      targetUsername: 'nora',
    });
    const { logs } = await pair.sync(host);
    const assigned = target.issues.map(
      ({ title, assignees }) => `${title}: ${assignees.map(({ username }) => username).join()}`,
    );
    expect(assigned.sort()).toEqual(['For ben: nora', 'For zoe: ', 'For zoe: ']);
    const warnings = logs.filter(({ level, message }) => level === 'warn' && message.includes('zoe'));
    expect(warnings).toHaveLength(1);
    expect(warnings[0]?.message).toContain(target.instance.baseUrl);
  });

  it('of the same username stand for each other where that was chosen', async () => {
    const { source, target } = pair;
    source.create('For Nora', { assignees: [source.nora] });
    await pair.sync(pair.host({ unmappedUsers: 'same-username' }));
    expect(target.view(1).assignees).toEqual(['nora']);
  });

  it('of whom several stand for one come back by what was said for that direction, or not at all', async () => {
    const { source, target } = pair;
    const [ben, bea] = [source.member('ben', 'developer'), source.member('bea', 'developer')];
    const host = pair.host({ bidirectional: true });
    const map = (sourceUsername: string, targetUsername: string): void => {
      const [here, there] = [source.instance.id, target.instance.id];
      host.store.hub.mappings.push({
        sourceInstanceId: here,
        sourceUsername,
        targetInstanceId: there,
        targetUsername,
      });
    };
    map('ben', 'nora');
    map('bea', 'nora');
    const issue = source.create('For Bea', { assignees: [bea] });
    target.create('For Nora', { assignees: [target.nora] });
    const { logs } = await pair.sync(host);
    expect(target.issues.map(({ assignees }) => assignees.map(({ username }) => username))).toEqual([
      ['nora'],
      ['nora'],
    ]);
    expect(source.issues.map(({ assignees }) => assignees)).toEqual([[bea], []]);
    const warnings = logs.filter(({ level }) => level === 'warn').map(({ message }) => message);
    expect(warnings).toEqual([expect.stringMatching(/^nora of .* stands for several users of .* \(bea, ben\)/)]);

    // One of them takes over from the other: over there that is the same person.
    pair.pass();
    source.world.issues.update(issue, { assignees: [ben] }, { by: source.nora });
    await pair.sync(host);
    const copy = target.issues.find(({ title }) => title === 'For Bea');
    if (copy === undefined) throw new Error('no copy');
    expect([issue.assignees, copy.assignees]).toEqual([[ben], [target.nora]]);
    expect(await pair.writesWhenSettled(host)).toEqual([]);

    // Taken from that person, it is taken from whoever she stands for.
    pair.pass();
    target.world.issues.update(copy, { assignees: [] }, { by: target.nora });
    await pair.sync(host);
    expect(issue.assignees).toEqual([]);

    // Told who is meant, it is that one.
    host.store.hub.mappings.push({
      sourceInstanceId: target.instance.id,
      sourceUsername: 'nora',
      targetInstanceId: source.instance.id,
      targetUsername: 'ben',
    });
    pair.pass();
    target.world.issues.update(copy, { assignees: [target.nora] }, { by: target.nora });
    await pair.sync(host, { mode: 'full' });
    expect(source.issues.map(({ assignees }) => assignees)).toEqual([[ben], [ben]]);
    expect(await pair.writesWhenSettled(host)).toEqual([]);
  });

  it('stay themselves between two projects of one instance', async () => {
    const { target } = pair;
    const near = target.world.projects.create({ path: 'near', owner: target.project.owner });
    for (const user of [target.bot, target.nora]) target.world.projects.setMember(near, user, 'developer');
    target.create('For Nora', { assignees: [target.nora] });
    const side = (project: string) => ({ instance: target.instance, project });
    const host = pair.host({ source: side('acme/target'), target: side('acme/near') });
    const { logs } = await pair.sync(host);
    expect(near.issues.byIid.get(1)?.assignees).toEqual([target.nora]);
    expect(logs.filter(({ level }) => level === 'warn')).toEqual([]);
    expect(await pair.writesWhenSettled(host)).toEqual([]);
  });
});
