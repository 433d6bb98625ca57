import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { ConnectorError, type Session } from '@syncline/connector-sdk';
import { MemoryHost } from '@syncline/connector-testing';
import { checkGitLabIssues } from './check.js';
import { readSettings, type GitLabIssuesConfig } from './config.js';
import { discovery } from './discovery.js';
import { people } from './people.js';
import { openSides } from './sides.js';
import { metadata, PairWorld } from './testing/pair-world.js';

let pair: PairWorld;
beforeEach(async () => {
  pair = await PairWorld.start();
});
afterEach(() => pair.stop());

function session(): Session {
  const connector = { check: checkGitLabIssues, sync: () => Promise.resolve({ fetched: 0, stored: 0 }) };
  return new MemoryHost({ connector, metadata, config: pair.config(), clock: pair.clock }).session();
}

async function failed(config: Partial<GitLabIssuesConfig>): Promise<{ id: string; label: string; hint?: string }[]> {
  const { steps } = await checkGitLabIssues(session(), pair.config(config));
  return steps.filter(({ ok }) => !ok).map(({ id, label, hint }) => ({ id, label, hint }));
}

async function refusal(config: Partial<GitLabIssuesConfig>): Promise<ConnectorError> {
  try {
    await openSides(session(), readSettings(pair.config(config)));
  } catch (error) {
    if (error instanceof ConnectorError) return error;
    throw error;
  }
  throw new Error('it was taken');
}

describe('the test of a connection', () => {
  it('names every link of both chains, and the webhook that anybody could call', async () => {
    const { steps, account } = await checkGitLabIssues(session(), pair.config());
    const chain = ['dns', 'answer', 'auth', 'scope', 'version', 'project', 'feature'];
    expect(steps.map(({ id }) => id)).toEqual([...chain, 'role', ...chain, 'archived', 'role', 'pair', 'webhook']);
    expect(steps.every(({ ok }) => ok)).toBe(true);
    expect(steps.at(-1)?.hint).toContain('anybody');
    expect(steps[5]?.label).toBe('Source: Find the project acme/source');
    expect(account?.username).toBe('sync-bot');
    const secured = await checkGitLabIssues(session(), pair.config({ webhookSecret: 'long-enough' }));
    expect(secured.steps.at(-1)?.hint).toBeUndefined();
  });

  it('wants the scope api where it writes, and only there', async () => {
    const source = { instance: pair.source.instanceAs(pair.source.bot, ['read_api']), project: 'acme/source' };
    expect(await failed({ source })).toEqual([]);
    expect(await failed({ source, bidirectional: true })).toEqual([
      expect.objectContaining({ id: 'scope', hint: expect.stringContaining('api') }),
    ]);
  });

  it('of an instance alone looks no further than the instance', async () => {
    const { instance } = pair.source;
    const { steps, account } = await checkGitLabIssues(session(), { source: { instance } } as GitLabIssuesConfig);
    expect(steps.map(({ id, ok }) => [id, ok])).toEqual([
      ...['dns', 'answer', 'auth', 'scope', 'version', 'webhook'].map((id) => [id, true]),
    ]);
    expect(account?.username).toBe('sync-bot');
  });

  it('is done with less than a dozen requests', async () => {
    const { asked } = await pair.requestsOf(() => checkGitLabIssues(session(), pair.config()));
    expect(asked.length).toBeLessThanOrEqual(8);
  });
});

describe('what cannot be kept in step is refused, by the test and by a run', () => {
  it('the same project on both sides, whatever its names', async () => {
    const { instance, project } = pair.source;
    const other = { ...instance, id: 'another', baseUrl: `${instance.baseUrl.toUpperCase().replace('HTTP', 'http')}/` };
    for (const target of [
      { instance, project: 'acme/source' },
      { instance, project: String(project.id) },
      { instance: other, project: ` /Acme/Source/ ` },
    ]) {
      expect(await failed({ target })).toEqual([
        expect.objectContaining({ id: 'pair', hint: expect.stringContaining('the same project') }),
      ]);
      expect(await refusal({ target })).toMatchObject({ kind: 'config', path: '/config/target/project' });
    }
  });

  it.each(['guest', 'reporter'] as const)('a %s where issues are written', async (role) => {
    const target = { instance: pair.target.instanceAs(pair.target.member('low', role)), project: 'acme/target' };
    const name = role === 'guest' ? 'Guest' : 'Reporter';
    expect(await failed({ target })).toEqual([
      expect.objectContaining({
        id: 'role',
        hint: expect.stringContaining(`is ${name}; writing issues takes Developer`),
      }),
    ]);
    const said = expect.stringMatching(/^Target: The role of the token's user in acme\/target is /);
    expect(await refusal({ target })).toMatchObject({ kind: 'config', path: '/config/target/project', message: said });
  });

  it('a token that is not accepted, on its side', async () => {
    const source = { instance: { ...pair.source.instance, credentials: { token: 'revoked' } }, project: 'acme/source' };
    const said = expect.stringMatching(/^Source: GitLab does not accept the access token/);
    expect(await refusal({ source })).toMatchObject({ kind: 'auth', message: said });
  });

  it('a guest where issues are read, because confidential ones would look deleted; a reporter will do', async () => {
    const as = (role: 'guest' | 'reporter') => ({
      source: { instance: pair.source.instanceAs(pair.source.member(role, role)), project: 'acme/source' },
    });
    expect(await failed(as('guest'))).toEqual([expect.objectContaining({ id: 'role' })]);
    expect(await failed(as('reporter'))).toEqual([]);
    expect(await failed({ ...as('reporter'), bidirectional: true })).toHaveLength(1);
  });

  it('an archived project where issues are written; as a source it will do', async () => {
    pair.target.project.archived = true;
    expect(await failed({})).toEqual([
      expect.objectContaining({ id: 'archived', hint: expect.stringContaining('Unarchive') }),
    ]);
    expect(await refusal({})).toMatchObject({ kind: 'config', message: expect.stringContaining('archived') });
    pair.target.project.archived = false;
    pair.source.project.archived = true;
    expect(await failed({})).toEqual([]);
  });

  it('issues that are switched off', async () => {
    pair.source.project.features.issues = 'disabled';
    expect(await failed({})).toEqual([
      expect.objectContaining({ id: 'feature', hint: expect.stringContaining('Switch them on') }),
    ]);
    expect(await refusal({})).toMatchObject({ kind: 'config', path: '/config/source/project' });
  });

  it('a project that is not there, at its key', async () => {
    const target = { instance: pair.target.instance, project: 'acme/nothing' };
    expect(await failed({ target })).toEqual([expect.objectContaining({ id: 'project' })]);
    expect(await refusal({ target })).toMatchObject({ kind: 'config', path: '/config/target/project', status: 404 });
  });

  it('a field that issues do not have', async () => {
    expect(await failed({ fields: 'title, karma' })).toEqual([
      expect.objectContaining({ id: 'config', hint: expect.stringContaining('karma') }),
    ]);
  });
});

describe('choices', () => {
  it('of projects come from the side that is asked for', async () => {
    const offered = async (query: Parameters<typeof discovery.discover>[2]): Promise<string[]> => {
      const { items } = await discovery.discover(session(), pair.config(), query);
      return items.map(({ value }) => value);
    };
    expect(await offered({ property: 'source.project' })).toEqual(['acme/source']);
    expect(await offered({ property: 'target.project' })).toEqual(['acme/target']);
    expect(await offered({ side: 'right', query: 'tar' })).toEqual(['acme/target']);
    expect(await offered({ side: 'left', query: 'nothing-like-it' })).toEqual([]);
  });

  it('of people are those of the project, and anybody by exact username', async () => {
    const { people: found, instanceId } = await people.members(session(), pair.config(), { side: 'right' });
    expect(instanceId).toBe(pair.target.instance.id);
    expect(found.map(({ username }) => username).sort()).toEqual(expect.arrayContaining(['nora', 'sync-bot']));
    expect(found).toContainEqual({ username: 'nora', name: 'Nora Q' });
    const exact = await people.find(session(), pair.source.instance, ['NORA', 'nor', 'nora']);
    expect(exact).toEqual([{ username: 'nora', name: 'Nora Q' }]);
  });
});
