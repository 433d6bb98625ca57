import type { People, Person } from '@syncline/connector-sdk';
import { createGitLabClient, findUsers, projectMembers } from '@syncline/gitlab';
import type { GitLabIssuesConfig } from './config.js';

/** Who can be mapped: anybody by exact username, and the members of a side's project. */
export const people: People<GitLabIssuesConfig> = {
  async find(session, instance, usernames) {
    const client = createGitLabClient(session.http(instance), instance);
    return (await findUsers(client, usernames)).map(person);
  },

  async members(session, config, { side, cursor }) {
    const { instance, project } = side === 'right' ? config.target : config.source;
    const client = createGitLabClient(session.http(instance), instance);
    const page = cursor === undefined ? 1 : Math.max(1, Number.parseInt(cursor, 10) || 1);
    const { members, nextPage } = await projectMembers(client, project, page);
    const found = { instanceId: instance.id, people: members.map(person) };
    return nextPage === undefined ? found : { ...found, nextCursor: String(nextPage) };
  },
};

function person({ username, name }: { readonly username: string; readonly name: string }): Person {
  return { username, name };
}
