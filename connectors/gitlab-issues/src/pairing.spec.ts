import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { Session, UserMappings } from '@syncline/connector-sdk';
import type { MemoryHost } from '@syncline/connector-testing';
import { originKey, originOf, placeKey } from '@syncline/tracker-sync';
import type { GitLabIssuesConfig } from './config.js';
import { pairing } from './pairing.js';
import { PairWorld } from './testing/pair-world.js';

let pair: PairWorld;
let session: Session & UserMappings;
let host: MemoryHost<GitLabIssuesConfig>;
beforeEach(async () => {
  pair = await PairWorld.start();
  host = pair.host();
  session = { ...host.session(), userMappings: (from, to) => Promise.resolve(host.store.hub.userMappings(from, to)) };
});
afterEach(() => pair.stop());

describe('the places of a config', () => {
  it('are told without asking anybody, and are the same for the same names', async () => {
    const { result, asked } = await pair.requestsOf(() => Promise.resolve(pairing.places(pair.config())));
    expect(asked).toEqual([]);
    const { source, target } = pair.config();
    const spelled = { source: { ...source, project: ' /Acme/Source/' }, target };
    expect(pairing.places(spelled)).toEqual(result);
    expect(result?.left).not.toBe(result?.right);
  });
});

describe('an item asked for by its key', () => {
  it('is an issue with its address and origin, or a comment of one', async () => {
    const { source } = pair;
    const issue = source.create('One');
    const note = source.world.notes.create(issue, { body: 'Said', by: source.nora });
    const place = { instanceId: 'i', baseUrl: source.gitLab.url, projectId: String(source.project.id), path: 'x' };
    expect(await pairing.find(session, pair.config(), { kind: 'issue', side: 'left', key: '1' })).toEqual({
      ref: {
        instanceId: source.instance.id,
        projectId: String(source.project.id),
        key: '1',
        url: source.url(1),
        title: 'One',
      },
      place: placeKey(place),
      origin: { key: originKey(originOf('any', place, '1')), data: expect.any(Object) },
    });
    const key = `1#${note.id}`;
    expect(await pairing.find(session, pair.config(), { kind: 'comment', side: 'left', key })).toMatchObject({
      ref: { key, url: `${source.url(1)}#note_${note.id}` },
    });
  });

  it.each([
    ['issue', '99'],
    ['issue', '../1'],
    ['comment', '1#99'],
    ['comment', '99#1'],
    ['comment', '1'],
    ['milestone', '1'],
  ] as const)('is nothing where there is no %s %s', async (kind, key) => {
    pair.target.create('One');
    expect(await pairing.find(session, pair.config(), { kind, side: 'right', key })).toBeUndefined();
  });
});

describe('a field that people fixed by hand', () => {
  it('is read again on both sides, the text of a copy without what we put around it', async () => {
    const { source, target } = pair;
    source.create('One', { description: 'Text', labels: ['b', 'a'] });
    await pair.sync(host);
    const [link] = host.store.pair.all().filter(({ kind }) => kind === 'issue');
    if (link?.left === undefined || link.right === undefined) throw new Error('no link');
    const linked = { kind: link.kind, left: link.left, right: link.right };
    const reread = (field: string) => pairing.reread(session, pair.config(), linked, field);
    expect(await reread('description')).toEqual({ left: 'Text', right: 'Text', agree: true });
    expect(await reread('labels')).toEqual({ left: ['a', 'b'], right: ['a', 'b'], agree: true });
    expect(await reread('milestone')).toEqual({ left: null, right: null, agree: true });
    target.world.issues.update(target.issue(1), { title: 'Two', assignees: [target.nora] }, { by: target.nora });
    expect(await reread('title')).toEqual({ left: 'One', right: 'Two', agree: false });
    // Who has nobody on the other side is no difference.
    expect(await reread('assignees')).toEqual({ left: [], right: ['nora'], agree: true });
    source.world.issues.update(source.issue(1), { assignees: [source.nora] }, { by: source.nora });
    host.store.hub.mappings.push({
      sourceInstanceId: source.instance.id,
      sourceUsername: 'nora',
      targetInstanceId: target.instance.id,
      targetUsername: 'sync-bot',
    });
    expect(await reread('assignees')).toEqual({ left: ['nora'], right: ['nora'], agree: false });
    target.world.issues.update(target.issue(1), { assignees: [target.bot] }, { by: target.nora });
    expect(await reread('assignees')).toEqual({ left: ['nora'], right: ['sync-bot'], agree: true });
    await expect(reread('karma')).rejects.toMatchObject({ kind: 'permanent' });
    source.world.issues.delete(source.issue(1));
    await expect(reread('title')).rejects.toMatchObject({ kind: 'permanent', status: 404 });
  });
});
