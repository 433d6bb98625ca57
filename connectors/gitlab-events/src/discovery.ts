import type { Discovery } from '@syncline/connector-sdk';
import { createGitLabClient, searchGroups, searchProjects } from '@syncline/gitlab';
import type { GitLabEventsConfig } from './config.js';

/** Projects (default) or groups of the token's user, a page of a hundred at a time. */
export const discovery: Discovery<GitLabEventsConfig> = {
  async discover(session, { instance }, { property, query, cursor }) {
    const client = createGitLabClient(session.http(instance), instance);
    const page = cursor === undefined ? 1 : Math.max(1, Number.parseInt(cursor, 10) || 1);
    if (property === 'groups') {
      const { groups, nextPage } = await searchGroups(client, query, page);
      return choices(groups, nextPage);
    }
    const { projects, nextPage } = await searchProjects(client, query, page);
    return choices(projects, nextPage);
  },
};

function choices(
  found: readonly { readonly path: string; readonly name: string }[],
  nextPage: number | undefined,
): { items: { value: string; label: string }[]; nextCursor?: string } {
  const items = found.map(({ path, name }) => ({ value: path, label: `${name} (${path})` }));
  return nextPage === undefined ? { items } : { items, nextCursor: String(nextPage) };
}
