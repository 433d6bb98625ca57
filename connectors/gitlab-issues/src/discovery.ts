import type { Discovery, DiscoveryQuery, LinkSide } from '@syncline/connector-sdk';
import { createGitLabClient, searchProjects } from '@syncline/gitlab';
import type { GitLabIssuesConfig } from './config.js';

/** Projects of the token's user on one side, a page of a hundred at a time. */
export const discovery: Discovery<GitLabIssuesConfig> = {
  async discover(session, config, query) {
    const { instance } = sideOf(query) === 'right' ? config.target : config.source;
    const client = createGitLabClient(session.http(instance), instance);
    const page = query.cursor === undefined ? 1 : Math.max(1, Number.parseInt(query.cursor, 10) || 1);
    const { projects, nextPage } = await searchProjects(client, query.query, page);
    const items = projects.map(({ path, name }) => ({ value: path, label: `${name} (${path})` }));
    return nextPage === undefined ? { items } : { items, nextCursor: String(nextPage) };
  },
};

/** A form asks by its property (`target.project`), a program by the side. */
function sideOf({ side, property }: DiscoveryQuery): LinkSide {
  return side ?? (property?.startsWith('target') === true ? 'right' : 'left');
}
