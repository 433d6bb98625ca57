import { GitLabSimulator, type Issue, type Project, type User } from '@syncline/connector-testing';
import type { HubProcess } from '../bench/lib/hub.mjs';
import { startHubProcess } from './hub-process.js';

/** One of two GitLabs: a project, its people, and the account that syncs. */
export interface PairSide {
  readonly gitLab: GitLabSimulator;
  readonly project: Project;
  /** Edits as a person does. */
  readonly nora: User;
  /** Has the same username on both sides. */
  readonly ann: User;
  readonly token: string;
  readonly instanceId: string;
  issue(title: string): Issue;
}

/** Two GitLabs, the hub as it is shipped, and a connection that keeps a project of each in step when it is asked to. */
export class PairStage {
  private constructor(
    readonly hub: HubProcess,
    readonly source: PairSide,
    readonly target: PairSide,
    readonly connectionId: string,
  ) {}

  static async start(): Promise<PairStage> {
    const hub = await startHubProcess();
    const gitLabs: GitLabSimulator[] = [];
    try {
      for (const seed of ['ours', 'theirs']) gitLabs.push(await GitLabSimulator.start({ seed }));
      const [ours, theirs] = gitLabs;
      if (ours === undefined || theirs === undefined) throw new Error('There are no two GitLabs.');
      const source = await makeSide(hub, ours, 'Production', 'shop');
      const target = await makeSide(hub, theirs, 'Partner', 'shop-mirror');
      return new PairStage(hub, source, target, await connect(hub, source, target));
    } catch (error) {
      await hub.stop();
      await Promise.all(gitLabs.map((gitLab) => gitLab.stop()));
      throw error;
    }
  }

  async stop(): Promise<void> {
    await this.hub.stop();
    await this.source.gitLab.stop();
    await this.target.gitLab.stop();
  }
}

async function connect(hub: HubProcess, source: PairSide, target: PairSide): Promise<string> {
  const { id } = await hub.api<{ id: string }>('POST', '/api/connections', {
    name: 'Shop with partner',
    connectorId: 'gitlab-issues',
    schedule: null,
    config: {
      source: { instance: source.instanceId, project: source.project.fullPath },
      target: { instance: target.instanceId, project: target.project.fullPath },
      bidirectional: true,
      matchExisting: 'title',
    },
  });
  return id;
}

async function makeSide(hub: HubProcess, gitLab: GitLabSimulator, name: string, path: string): Promise<PairSide> {
  const { world } = gitLab;
  const project = world.projects.create({ path, owner: world.groups.create({ path: 'acme' }) });
  const [bot, nora, ann] = [
    world.users.create({ username: 'sync-bot' }),
    world.users.create({ username: `nora-${path}` }),
    world.users.create({ username: 'ann' }),
  ];
  for (const user of [bot, nora, ann]) world.projects.setMember(project, user, 'developer');
  const token = world.tokens.create({ user: bot, scopes: ['api'] }).value;
  const { id: instanceId } = await hub.api<{ id: string }>('POST', '/api/instances', {
    name,
    kind: 'gitlab',
    baseUrl: gitLab.url,
    credentials: { token },
  });
  const issue = (title: string) => {
    const found = [...project.issues.byIid.values()].find((candidate) => candidate.title === title);
    if (found === undefined) throw new Error(`${name} has no issue "${title}".`);
    return found;
  };
  return { gitLab, project, nora, ann, token, instanceId, issue };
}
