import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { Tracker, TrackerFile } from '@syncline/connector-sdk';
import type { GitLabSimulatorOptions } from '../../../connector-testing/src/gitlab-simulator/index.js';
import { endpoints, TrackerWorld } from '../../test/tracker-world.js';

let acme: TrackerWorld;
let tracker: Tracker;

async function start(options: GitLabSimulatorOptions = {}): Promise<void> {
  acme = await TrackerWorld.start(options);
  tracker = acme.tracker();
}
beforeEach(() => start());
afterEach(() => acme.gitLab.stop());

describe('people', () => {
  it('are found by exactly their username, and asked for once', async () => {
    acme.member('nora-q', 'developer');
    const { result, asked } = await acme.requestsOf(async () => {
      const found = [await tracker.findUser('Nora'), await tracker.findUser('nora'), await tracker.findUser('nor')];
      return [...found, await tracker.findUser('nor'), await tracker.findUser(' ')];
    });
    expect(result.map((user) => user?.id)).toEqual([
      String(acme.nora.id),
      String(acme.nora.id),
      undefined,
      undefined,
      undefined,
    ]);
    expect(asked).toHaveLength(2);
  });

  it('seen on issues are known without a question, and we know ourselves', async () => {
    acme.world.issues.create(acme.project, { title: 'One', by: acme.nora });
    await tracker.find(['1']);
    const { result, asked } = await acme.requestsOf(() => tracker.findUser('nora'));
    expect(result?.id).toBe(String(acme.nora.id));
    expect(asked).toEqual([]);
    expect(await tracker.me()).toMatchObject({ id: String(acme.bot.id), username: 'sync-bot' });
  });
});

describe('capabilities', () => {
  it.each([
    ['guest', false],
    ['reporter', true],
    ['developer', true],
    ['owner', true],
  ] as const)('of a %s', async (role, plans) => {
    const { result, asked } = await acme.requestsOf(() => acme.tracker(acme.member('somebody', role)).capabilities());
    expect(result).toMatchObject({ createLabels: plans, milestones: plans, internalComments: plans });
    expect(result.fields.includes('labels')).toBe(plans);
    expect(result.fields).not.toContain('weight');
    expect(asked.length).toBe(plans ? 1 : 3);
  });

  it('of a member of a group above, and of an administrator who is no member', async () => {
    const member = acme.world.users.create({ username: 'grouped' });
    acme.world.groups.setMember(acme.group, member, 'developer');
    expect((await acme.tracker(member).capabilities()).createLabels).toBe(true);
    expect((await acme.tracker(acme.world.users.root).capabilities()).createLabels).toBe(true);
  });

  it('have weights where the plan has them, before there is any issue', async () => {
    await acme.gitLab.stop();
    await start({ edition: 'ee' });
    expect((await tracker.capabilities()).fields).toContain('weight');
  });

  it('have weights where issues of the project show them', async () => {
    await acme.gitLab.stop();
    await start({ edition: 'ee' });
    acme.world.issues.create(acme.project, { title: 'One', by: acme.nora });
    await tracker.find(['1']);
    expect((await tracker.capabilities()).fields).toContain('weight');
  });
});

describe('labels', () => {
  it('are those of the project and the groups above it', async () => {
    acme.world.labels.create(acme.group, { name: 'shared', color: '#AABBCC', description: 'For all' });
    acme.world.labels.create(acme.project, { name: 'own' });
    expect((await tracker.labels()).find(({ name }) => name === 'shared')).toEqual({
      name: 'shared',
      color: '#aabbcc',
      description: 'For all',
    });
    expect((await tracker.labels()).map(({ name }) => name).sort()).toEqual(['own', 'shared']);
  });

  it('are made with colour and description, and taken as they are where they exist', async () => {
    const label = { name: 'bug', color: '#d9534f', description: 'Something is broken' };
    expect(await tracker.createLabel(label)).toEqual(label);
    expect(await tracker.createLabel({ ...label, color: '#000000' })).toEqual(label);
    acme.world.labels.create(acme.group, { name: '42', color: '#112233' });
    expect(await tracker.createLabel({ ...label, name: '42' })).toMatchObject({ name: '42', color: '#112233' });
  });
});

describe('milestones', () => {
  const release = { title: 'R1', description: 'First', startDate: '2026-01-01', dueDate: '2026-03-31' };

  it('are made in any state, changed, cleared, and taken as they are where they exist', async () => {
    const closed = await tracker.createMilestone({ ...release, state: 'closed' });
    expect(closed).toMatchObject({ ...release, state: 'closed', writable: true });
    expect(await tracker.createMilestone({ ...release, state: 'active' })).toEqual(closed);
    const changed = await tracker.updateMilestone(closed.key, { title: 'R2', state: 'active', dueDate: null });
    expect(changed).toMatchObject({
      key: closed.key,
      title: 'R2',
      state: 'active',
      dueDate: null,
      startDate: '2026-01-01',
    });
    expect(await tracker.milestones()).toEqual([changed]);
  });

  it('of groups are used and never changed', async () => {
    const above = acme.world.milestones.create(acme.group, { title: 'R1' });
    expect(await tracker.createMilestone({ ...release, state: 'active' })).toMatchObject({
      key: String(above.id),
      writable: false,
    });
  });
});

describe('files', () => {
  const file: TrackerFile = {
    name: 'a log.txt',
    bytes: new TextEncoder().encode('GIF89a\u0000 ünï'),
    contentType: 'text/plain',
  };

  it('come back byte by byte, by every name texts have for them', async () => {
    const reference = await tracker.upload(file);
    expect(reference).toMatch(/^\/uploads\/[0-9a-f]{32}\/a_log\.txt$/);
    const names = [
      reference,
      `${acme.gitLab.url}/acme/web${reference}`,
      `${acme.gitLab.url}/-/project/${acme.project.id}${reference}`,
      `/acme/web${reference}`,
    ];
    for (const name of names) {
      const copy = await tracker.download(name, 1_000);
      expect(copy.name).toBe('a_log.txt');
      expect(Buffer.from(copy.bytes).equals(Buffer.from(file.bytes))).toBe(true);
    }
  });

  it('that are gone, too large, or not ours are refused', async () => {
    const reference = await tracker.upload(file);
    await expect(tracker.download(reference, 5)).rejects.toMatchObject({ kind: 'permanent', status: 413 });
    const missing = `/uploads/${'0'.repeat(32)}/x.png`;
    await expect(tracker.download(missing, 5)).rejects.toMatchObject({ kind: 'permanent', status: 404 });
    const { asked } = await acme.requestsOf(async () => {
      for (const foreign of [
        `https://evil.example${reference}`,
        `/acme/other${reference}`,
        `${acme.gitLab.url}/-/project/${acme.project.id + 1}${reference}`,
        'file:///etc/passwd',
        '/uploads/short/x',
        `${reference}/../../../user`,
        `/uploads/${'0'.repeat(32)}/..%2f..%2fuser`,
      ]) {
        await expect(tracker.download(foreign, 5)).rejects.toMatchObject({ kind: 'permanent', status: 404 });
      }
    });
    expect(asked).toEqual([]);
    acme.world.trackerSettings.maxAttachmentBytes = 3;
    await expect(tracker.upload(file)).rejects.toMatchObject({ kind: 'permanent', status: 413 });
  });
});

describe('an issue that is not found', () => {
  it('is gone, where we would see it', async () => {
    const issue = acme.world.issues.create(acme.project, { title: 'One', by: acme.nora });
    expect(await tracker.locate('1')).toMatchObject({ kind: 'here', issue: { title: 'One' } });
    acme.world.issues.delete(issue);
    const { result, asked } = await acme.requestsOf(() => tracker.locate('1'));
    expect(result).toEqual({ kind: 'gone' });
    expect(endpoints(asked)).toEqual(['GET /projects/:id/issues/:iid', 'GET /projects/:id']);
  });

  it('may be hidden: by too low a role, by a feature that is off, by a project that is closed to us', async () => {
    acme.world.issues.create(acme.project, { title: 'Secret', confidential: true, by: acme.nora });
    const guest = acme.tracker(acme.member('guest', 'guest'));
    expect(await guest.locate('1')).toMatchObject({ kind: 'unknown', reason: expect.stringContaining('confidential') });
    const stranger = acme.tracker(acme.member('stranger', null));
    expect(await stranger.locate('1')).toMatchObject({ kind: 'unknown', reason: expect.stringContaining('seen') });
    acme.project.features.issues = 'disabled';
    expect(await tracker.locate('1')).toMatchObject({
      kind: 'unknown',
      reason: expect.stringContaining('switched off'),
    });
  });

  it('was moved: to where, as far as we may see', async () => {
    const other = acme.world.projects.create({ path: 'api', owner: acme.group });
    for (const user of [acme.nora, acme.bot]) acme.world.projects.setMember(other, user, 'developer');
    const away = acme.world.groups.create({ path: 'secret' });
    const hidden = acme.world.projects.create({ path: 'vault', owner: away });
    acme.world.projects.setMember(hidden, acme.nora, 'developer');
    const near = acme.world.issues.create(acme.project, { title: 'Near', by: acme.nora });
    const far = acme.world.issues.create(acme.project, { title: 'Far', by: acme.nora });
    acme.world.issues.move(near, other, { by: acme.nora });
    acme.world.issues.move(far, hidden, { by: acme.nora });
    expect((await tracker.find(['1'])).get('1')).toMatchObject({ state: 'closed', movedTo: {} });
    expect(await tracker.locate('1')).toEqual({
      kind: 'moved',
      to: { projectId: String(other.id), key: '1', url: `${acme.gitLab.url}/acme/api/-/issues/1` },
    });
    expect(await tracker.locate('2')).toEqual({
      kind: 'moved',
      to: { key: '1', url: `${acme.gitLab.url}/secret/vault/-/issues/1` },
    });
  });
});

describe('the times of fields', () => {
  it('come from events and activity, where GitLab keeps them', async () => {
    const issue = acme.world.issues.create(acme.project, { title: 'One', description: 'a', by: acme.nora });
    const times: string[] = [];
    const change = (patch: Parameters<typeof acme.world.issues.update>[1]): void => {
      acme.pass(60_000);
      acme.world.issues.update(issue, patch, { by: acme.nora });
      times.push(new Date(Math.floor(issue.updatedAt)).toISOString());
    };
    change({ title: 'Two' });
    change({ description: 'b' });
    change({ addLabels: ['bug'] });
    change({ state: 'closed' });
    change({ assignees: [acme.bot] });
    change({ dueDate: '2026-04-01' });
    change({ confidential: true });
    const fields = ['title', 'description', 'labels', 'state', 'assignees', 'dueDate', 'confidential'] as const;
    const found = await tracker.fieldTimes('1', [...fields, 'milestone', 'weight']);
    expect(found).toEqual(Object.fromEntries(fields.map((field, at) => [field, times[at]])));
    const { asked } = await acme.requestsOf(() => tracker.fieldTimes('1', ['labels']));
    expect(endpoints(asked)).toEqual(['GET /projects/:id/issues/:iid/resource_label_events']);
  });
});
