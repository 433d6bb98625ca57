import type { TrackerUser } from '@syncline/connector-sdk';
import type { GitLabClient } from '../client.js';
import { parseItems } from '../page.js';
import { userSchema } from '../schema/parts.js';
import { mapUser } from './mapping.js';
import { Users } from './users.js';

/** Those of these usernames (any case) that exist; one request each. */
export async function findUsers(client: GitLabClient, usernames: readonly string[]): Promise<TrackerUser[]> {
  const users = new Users(client);
  const found = new Map<string, TrackerUser>();
  for (const username of usernames) {
    const user = await users.find(username);
    if (user !== undefined) found.set(user.id, user);
  }
  return [...found.values()];
}

/** One page of the people in a project, by membership of it or of a group above it. */
export async function projectMembers(
  client: GitLabClient,
  idOrPath: number | string,
  page: number,
): Promise<{ readonly members: readonly TrackerUser[]; readonly nextPage?: number }> {
  const options = { includeInherited: true };
  const raw = await client.page(page, (paging) => client.projectMembers.all(idOrPath, { ...options, ...paging }));
  const members = new Map<string, TrackerUser>();
  for (const item of parseItems(raw.items, userSchema, 'id', `a member of project ${idOrPath}`)) {
    // A member of several groups may come once for each.
    if (item.ok && item.value.id !== null) members.set(String(item.value.id), mapUser(item.value));
  }
  const found = { members: [...members.values()] };
  return raw.nextPage === undefined ? found : { ...found, nextPage: raw.nextPage };
}
