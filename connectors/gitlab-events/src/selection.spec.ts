import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { GitLabWorld } from './testing/gitlab-world.js';

let gitLab: GitLabWorld;

beforeEach(async () => {
  gitLab = await GitLabWorld.start();
});
afterEach(() => gitLab.stop());

const quick = { eventTypes: ['release'], reading: 'rest' } as const;

function pathsRead(requests: readonly { readonly path: string }[]): string[] {
  return requests.flatMap(({ path }) => /^\/projects\/(\d+)\/releases/.exec(path)?.[1] ?? []).sort();
}

describe('which projects are read', () => {
  it('those of the token, by id, up to a limit that the run and the check name', async () => {
    const projects = Array.from({ length: 37 }, (_, index) => gitLab.project(`p${index}`));
    const { all, outcome } = await gitLab.requestsOf(gitLab.host(quick));
    expect(pathsRead(all)).toEqual(
      projects
        .slice(0, 10)
        .map(({ id }) => String(id))
        .sort(),
    );
    expect(outcome.logs.map(({ message }) => message)).toContain('Reading 10 of 37 projects');
    const { steps } = await gitLab.host({ ...quick, limit: 10 }).check();
    expect(steps.find(({ id }) => id === 'project')).toMatchObject({
      label: 'Read 10 of 37 projects',
      ok: true,
      hint: 'The limit leaves some out. Raise it, or name the projects.',
    });
    expect(pathsRead((await gitLab.requestsOf(gitLab.host({ ...quick, limit: 30 }))).all)).toHaveLength(30);
  });

  it('named ones, by path or id, and those of groups; more than the limit if the config says so', async () => {
    const [a, b, c] = ['a', 'b', 'c'].map((path) => gitLab.project(path));
    const group = gitLab.world.groups.create({ path: 'other' });
    gitLab.world.groups.setMember(group, gitLab.reader, 'reporter');
    const d = gitLab.project('d', { owner: group });
    const named = gitLab.host({ ...quick, projects: `acme/a, ${b?.id}`, groups: ['other'], limit: 1 });
    expect(pathsRead((await gitLab.requestsOf(named)).all)).toEqual([a?.id, b?.id, d.id].map(String).sort());
    expect(c).toBeDefined();
  });

  it('not those that are being deleted', async () => {
    const [kept, dying] = [gitLab.project('kept'), gitLab.project('dying')];
    gitLab.world.projects.scheduleDeletion(dying);
    expect(pathsRead((await gitLab.requestsOf(gitLab.host(quick))).all)).toEqual([String(kept.id)]);
  });

  it('none: an error that names the field, not a healthy empty run', async () => {
    gitLab.project('web');
    const missing = await gitLab.host({ ...quick, projects: ['acme/wbe'] }).run();
    expect(missing.error).toMatchObject({ kind: 'config', path: '/config/projects/0', status: 404 });
    expect(missing.error?.message).toContain('acme/wbe');
    const stranger = gitLab.world.users.create({ username: 'stranger' });
    const token = gitLab.world.tokens.create({ user: stranger }).value;
    const lonely = await gitLab.host({ ...quick, instance: { ...gitLab.instance, credentials: { token } } }).run();
    expect(lonely.error?.message).toBe('The token is a member of no project, and the config names none');
  });
});

describe('the check', () => {
  it('tells a project that is not found from one that is', async () => {
    gitLab.project('web');
    const { steps } = await gitLab.host({ projects: ['acme/web', 'acme/wbe'] }).check();
    expect(steps.filter(({ ok }) => !ok).map(({ id, label }) => [id, label])).toEqual([
      ['project', 'projects/acme/wbe'],
    ]);
  });

  it('names the scope when it is too small, and a deploy token as what it is', async () => {
    gitLab.project('web');
    const { tokens } = gitLab.world;
    const small = tokens.create({ user: gitLab.reader, scopes: ['read_repository'] }).value;
    const deploy = tokens.create({ kind: 'deploy' }).value;
    for (const [token, word] of [
      [small, 'read_api'],
      [deploy, 'deploy token'],
    ] as const) {
      const { steps } = await gitLab.host({ instance: { ...gitLab.instance, credentials: { token } } }).check();
      expect(steps.at(-1)?.ok).toBe(false);
      expect(steps.at(-1)?.hint).toContain(word);
    }
  });

  it('names a role that is too low', async () => {
    const project = gitLab.project('web');
    gitLab.world.projects.setMember(project, gitLab.reader, 'guest');
    const { steps } = await gitLab.host().check();
    const failed = steps.filter(({ ok }) => !ok);
    expect(failed.length).toBeGreaterThan(0);
    for (const { id, hint } of failed) {
      expect(id).toBe('role');
      expect(hint).toContain('Reporter');
    }
  });

  it('warns where webhooks have no secret', async () => {
    gitLab.project('web');
    const hintOf = async (webhookSecret?: string): Promise<string | undefined> => {
      const { steps } = await gitLab.host({ webhookSecret }).check();
      return steps.find(({ id }) => id === 'webhook')?.hint;
    };
    expect(await hintOf()).toContain('anybody who knows the address');
    expect(await hintOf('a-secret-of-ours')).toBeUndefined();
  });

  it('calls a config that makes no sense what it is', async () => {
    const { steps } = await gitLab.host({ since: 'yesterday' }).check();
    expect(steps).toEqual([
      { id: 'config', label: 'Configuration', ok: false, hint: 'yesterday is not a date. Write it as 2026-01-31.' },
    ]);
  });
});

describe('what is read', () => {
  it('nothing before a day the config names, and the rest once it is moved back', async () => {
    const project = gitLab.project('web');
    const old = gitLab.world.mergeRequests.create(project);
    gitLab.world.releases.create(project, { tagName: 'old' });
    gitLab.pass(3 * 24 * 60);
    gitLab.world.mergeRequests.create(project);
    gitLab.world.releases.create(project, { tagName: 'new' });
    gitLab.pass();
    const late = gitLab.host({ since: '2026-03-04', eventTypes: ['merge_request', 'release'] });
    await late.run();
    expect([...late.store.events.keys()].sort()).toEqual([`mr-${project.id}-2`, `release-${project.id}-new`]);
    const early = gitLab.host({ since: '2026-03-01', eventTypes: ['merge_request', 'release'] }, late.store);
    await early.run();
    expect(early.store.events.has(`mr-${project.id}-${old.iid}`)).toBe(true);
    expect(early.store.events.has(`release-${project.id}-old`)).toBe(true);
  });

  it('merge requests of the configured branches, and what becomes of them where they are retargeted', async () => {
    const project = gitLab.project('web');
    const { mergeRequests } = gitLab.world;
    const followed = mergeRequests.create(project, { targetBranch: 'main' });
    const never = mergeRequests.create(project, { targetBranch: 'main' });
    mergeRequests.update(never, { targetBranch: 'next' });
    gitLab.pass();
    const host = gitLab.host({ branches: ['main'], eventTypes: ['merge_request'] });
    await host.run();
    mergeRequests.update(followed, { targetBranch: 'next' });
    mergeRequests.close(followed);
    mergeRequests.close(never);
    gitLab.pass();
    await host.run();
    expect([...host.store.events.values()].map(({ eventId, status }) => [eventId, status])).toEqual([
      [`mr-${project.id}-${followed.iid}`, 'closed'],
    ]);
  });

  it('again from a moment the caller names, without losing what the checkpoint had not reached', async () => {
    const project = gitLab.project('web');
    const [first] = [gitLab.world.mergeRequests.create(project), gitLab.world.mergeRequests.create(project)];
    gitLab.pass(60);
    const host = gitLab.host({ eventTypes: ['merge_request'] });
    await host.run();
    host.store.events.delete(`mr-${project.id}-${first.iid}`);
    await host.run();
    expect(host.store.events.size).toBe(1);
    await host.run({ since: new Date(first.createdAt - 1000) });
    expect(host.store.events.size).toBe(2);
  });
});
