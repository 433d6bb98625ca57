import type { AccessToken, Role, User } from '../model/people.js';
import type { Group, Project } from '../model/project.js';
import { GitLabSimulator, type GitLabSimulatorOptions } from '../simulator.js';

export interface Acme {
  readonly gitlab: GitLabSimulator;
  readonly group: Group;
  readonly project: Project;
  /** Maintainer of the project. */
  readonly nora: User;
  readonly token: AccessToken;
  /** A fresh user with that role in the project, and a token that reads. */
  member(role: Role | null): AccessToken;
  /** Lets time pass. */
  pass(milliseconds: number): void;
}

/** A private project `acme/web` with five commits, at a clock that only the test moves. */
export async function startAcme(options: GitLabSimulatorOptions = {}): Promise<Acme> {
  let now = Date.parse('2026-03-04T05:06:07.000Z');
  const gitlab = await GitLabSimulator.start({ now: () => new Date(now), ...options });
  const { world } = gitlab;
  const group = world.groups.create({ path: 'acme' });
  const project = world.projects.create({ path: 'web', owner: group });
  const nora = world.users.create({ username: 'nora' });
  world.projects.setMember(project, nora, 'maintainer');
  world.git.push(project, 'main', 5, { by: nora });
  let strangers = 0;
  return {
    gitlab,
    group,
    project,
    nora,
    token: world.tokens.create({ user: nora, scopes: ['api'] }),
    member: (role) => {
      strangers += 1;
      const user = world.users.create({ username: `user-${strangers}` });
      if (role !== null) world.projects.setMember(project, user, role);
      return world.tokens.create({ user });
    },
    pass: (milliseconds) => {
      now += milliseconds;
    },
  };
}
