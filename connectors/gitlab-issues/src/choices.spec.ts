import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { GitLabIssuesConfig } from './config.js';
import { PairWorld } from './testing/pair-world.js';

let pair: PairWorld;
beforeEach(async () => {
  pair = await PairWorld.start();
});
afterEach(() => pair.stop());

describe('fields', () => {
  it('that were not chosen are neither copied later nor compared', async () => {
    const { source, target } = pair;
    const issue = source.create('One', { labels: ['bug'], dueDate: '2026-05-01', description: 'Text' });
    const host = pair.host({ fields: ['title', 'dueDate'], bidirectional: true });
    await pair.sync(host);
    expect(target.view(1)).toMatchObject({ title: 'One', labels: [], dueDate: '2026-05-01' });
    pair.pass();
    const change = { title: 'Two', addLabels: ['more'], description: 'Another', dueDate: null };
    source.world.issues.update(issue, change, { by: source.nora });
    target.world.issues.update(target.issue(1), { addLabels: ['theirs'] }, { by: target.nora });
    source.world.issues.close(issue, { by: source.nora });
    await pair.sync(host);
    expect(target.view(1)).toMatchObject({ title: 'Two', labels: ['theirs'], dueDate: null, state: 'opened' });
    expect(target.view(1).text).toContain('Text');
    expect(source.view(1).labels).toEqual(['bug', 'more']);
    expect(await pair.writesWhenSettled(host)).toEqual([]);
  });

  it('have weights where both plans offer them, and clear them', async () => {
    await pair.stop();
    pair = await PairWorld.start(undefined, { source: { edition: 'ee' }, target: { edition: 'ee' } });
    const { source, target } = pair;
    const issue = source.create('Heavy', { weight: 5 });
    const host = pair.host({ bidirectional: true });
    await pair.sync(host);
    expect(target.issue(1).weight).toBe(5);
    pair.pass();
    target.world.issues.update(target.issue(1), { weight: 3 }, { by: target.nora });
    await pair.sync(host);
    expect(issue.weight).toBe(3);
    pair.pass();
    source.world.issues.update(issue, { weight: null }, { by: source.nora });
    await pair.sync(host);
    expect(target.issue(1).weight).toBeNull();
    expect(await pair.writesWhenSettled(host)).toEqual([]);
  });
});

describe('one way', () => {
  it('never writes to the source, whatever happens on both sides', async () => {
    const { source, target } = pair;
    const milestone = source.world.milestones.create(source.project, { title: 'R1' });
    const issue = source.create('One', { milestone, labels: ['bug'], description: 'See #2' });
    source.create('Two');
    const host = pair.host({ conflictPolicy: 'target', onDelete: 'close', onCommentDelete: 'delete' });
    await pair.sync(host);
    const copy = target.issues.find(({ title }) => title === 'One');
    if (copy === undefined) throw new Error('no copy');
    pair.pass();
    const theirs = { title: 'Theirs', dueDate: '2026-05-01', addLabels: ['theirs'], confidential: true };
    target.world.issues.update(copy, theirs, { by: target.nora });
    target.world.notes.create(copy, { body: 'From over there', by: target.nora });
    target.create('New over there');
    source.world.issues.update(issue, { title: 'Ours' }, { by: source.nora });
    const mark = source.gitLab.requests.mark();
    await pair.sync(host);
    const second = target.issues.find(({ title }) => title === 'Two');
    if (second === undefined) throw new Error('no copy');
    target.world.issues.delete(second);
    for (const mode of ['full', 'incremental'] as const) await pair.sync(host, { mode });
    expect(source.gitLab.requests.since(mark).filter(({ method }) => method !== 'GET')).toEqual([]);
    expect(source.issues.map(({ title, state }) => [title, state])).toEqual([
      ['Ours', 'opened'],
      ['Two', 'opened'],
    ]);
    expect(target.view(copy.iid)).toMatchObject({ dueDate: '2026-05-01', labels: ['bug', 'theirs'] });
  });
});

describe('a filter', () => {
  it.each<[GitLabIssuesConfig['filter'], string[]]>([
    [{ labels: ['a', 'b'] }, ['both labels']],
    [{ notLabels: 'a, b' }, ['for nora', 'in R1', 'closed', 'plain']],
    [{ milestone: 'R1' }, ['in R1']],
    [{ assignee: 'NORA' }, ['for nora']],
    [{ state: 'closed' }, ['closed']],
    [{ state: 'opened', notLabels: ['b'], createdAfter: '2026-03-02T06:30:00Z' }, ['label a', 'plain']],
  ])('%j lets through %j', async (filter, wanted) => {
    const { source, target } = pair;
    const milestone = source.world.milestones.create(source.project, { title: 'R1' });
    source.create('both labels', { labels: ['a', 'b'] });
    source.create('for nora', { assignees: [source.nora] });
    source.create('in R1', { milestone });
    source.world.issues.close(source.create('closed'), { by: source.nora });
    pair.pass(60);
    source.create('label a', { labels: ['a'] });
    source.create('plain');
    await pair.sync(pair.host({ filter }));
    expect(target.issues.map(({ title }) => title).sort()).toEqual([...wanted].sort());
  });

  it('does not hold what people ask for, nor what is linked already', async () => {
    const { source, target } = pair;
    const issue = source.create('Wanted', { labels: ['public'] });
    source.create('Asked for');
    const host = pair.host({ filter: { labels: ['public'] } });
    await pair.sync(host, { items: [{ side: 'left', key: '2' }] });
    expect(target.issues).toHaveLength(2);
    pair.pass();
    source.world.issues.update(issue, { labels: [], title: 'Renamed' }, { by: source.nora });
    await pair.sync(host);
    expect(target.issues.map(({ title }) => title).sort()).toEqual(['Asked for', 'Renamed']);
  });
});

describe('a value that the other side drops', () => {
  it('is shown once, not written again, and asked again when it changes', async () => {
    const { source, target } = pair;
    // Who is no member cannot be assigned; GitLab says nothing of it.
    target.member('ben', null);
    const [ben, zoe] = [source.member('ben', 'developer'), source.member('zoe', 'developer')];
    const issue = source.create('For Ben', { assignees: [ben] });
    const host = pair.host({ unmappedUsers: 'same-username', bidirectional: true });
    await pair.sync(host);
    expect(target.view(1).assignees).toEqual([]);
    expect(await pair.writesWhenSettled(host)).toEqual([]);
    expect(issue.assignees).toEqual([ben]);
    const [link] = host.store.pair.all().filter(({ kind }) => kind === 'issue');
    expect(link?.baseline).toMatchObject({ right: { refused: { assignees: ['ben'] } } });

    // An edit of something else does not ask again either.
    pair.pass();
    source.world.issues.update(issue, { title: 'For Ben alone' }, { by: source.nora });
    const { asked } = await pair.requestsOf(() => pair.sync(host));
    expect(asked.filter(({ method }) => method !== 'GET')).toHaveLength(1);

    // The person may be assigned by now, and something about the field changes.
    const member = target.world.users.find('ben');
    if (member === undefined) throw new Error('no user');
    target.world.projects.setMember(target.project, member, 'developer');
    pair.pass();
    source.world.issues.update(issue, { assignees: [zoe] }, { by: source.nora });
    await pair.sync(host);
    pair.pass();
    source.world.issues.update(issue, { assignees: [ben] }, { by: source.nora });
    await pair.sync(host);
    expect(target.view(1).assignees).toEqual(['ben']);
    expect(await pair.writesWhenSettled(host)).toEqual([]);
  });

  it('may be space at the ends of texts', async () => {
    const { source, target } = pair;
    source.create('Spaces', { description: '  indented\n\ntext   \r\n\r\n   ' });
    const host = pair.host({ bidirectional: true });
    await pair.sync(host);
    const before = source.issue(1).description;
    expect(await pair.writesWhenSettled(host)).toEqual([]);
    pair.pass();
    target.world.issues.update(target.issue(1), { title: 'Trimmed' }, { by: target.nora });
    await pair.sync(host);
    expect([source.issue(1).title, source.issue(1).description]).toEqual(['Trimmed', before]);
  });
});

describe('a mapping that changes later', () => {
  it('is no storm of edits: what names the person is written anew by the full pass, once', async () => {
    const { source, target } = pair;
    for (let number = 1; number <= 8; number += 1) {
      const isHers = number <= 2;
      const issue = source.create(`Issue ${number}`, {
        description: number === 1 ? 'Ask @nora' : 'Nobody is named',
        assignees: isHers ? [source.nora] : [],
      });
      source.world.notes.create(issue, { body: number === 3 ? 'Dear @nora' : 'Hello', by: source.nora });
    }
    const host = pair.host({ bidirectional: true });
    await pair.sync(host);
    expect(await pair.writesWhenSettled(host)).toEqual([]);
    host.store.hub.mappings.push({
      sourceInstanceId: source.instance.id,
      sourceUsername: 'nora',
      targetInstanceId: target.instance.id,
      targetUsername: 'nora',
    });
    const soon = await pair.requestsOf(() => pair.sync(host));
    expect(soon.asked.filter(({ method }) => method !== 'GET').length).toBeLessThanOrEqual(3);
    await pair.sync(host, { mode: 'full' });
    const all = await pair.requestsOf(() => pair.sync(host, { mode: 'full' }));
    expect(all.asked.filter(({ method }) => method !== 'GET')).toEqual([]);
    const copies = target.issues.filter(({ assignees }) => assignees.includes(target.nora));
    expect(copies.map(({ title }) => title).sort()).toEqual(['Issue 1', 'Issue 2']);
    const writes = target.gitLab.requests.since(0).filter(({ method }) => method === 'PUT');
    expect(writes).toHaveLength(3);
    expect(source.gitLab.requests.since(0).filter(({ method }) => method !== 'GET')).toEqual([]);
  });
});
