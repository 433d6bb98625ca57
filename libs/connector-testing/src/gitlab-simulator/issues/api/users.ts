import { projectOf } from '../../api/access.js';
import { userEntity } from '../../entities/user.js';
import type { Call } from '../../http/call.js';
import { listArray } from '../../http/listing.js';
import { pageReply } from '../../http/pagination.js';
import type { Reply } from '../../http/reply.js';
import type { Router } from '../../http/router.js';
import type { User } from '../../model/people.js';

export function addUserRoutes(router: Router): void {
  router.get('/users', listUsers, { readUser: true }).get('/projects/:id/users', (call) => {
    const project = projectOf(call);
    const rows = [...call.world.users.byId.values()].filter(
      (user) => !user.admin && call.world.issueRights.level(project, user) > 0 && found(call, user),
    );
    return usersReply(call, rows);
  });
}

/** `username` is the whole name in any case; `search` looks at names and public addresses, and for administrators at all. */
function listUsers(call: Call): Reply {
  const username = call.parameters.string('username')?.toLowerCase();
  const active = call.parameters.boolean('active') === true;
  const rows = [...call.world.users.byId.values()].filter(
    (user) =>
      (username === undefined || user.username.toLowerCase() === username) &&
      (!active || user.state === 'active') &&
      found(call, user),
  );
  return usersReply(call, rows.reverse());
}

function found(call: Call, user: User): boolean {
  const search = call.parameters.string('search')?.toLowerCase();
  if (search === undefined) return true;
  const names = `${user.username} ${user.name}`.toLowerCase();
  const address = call.user.admin ? user.email : user.publicEmail;
  return names.includes(search) || address.toLowerCase() === search;
}

function usersReply(call: Call, rows: readonly User[]): Reply {
  return pageReply(call, listArray(rows), (user) => JSON.stringify(userEntity(call.site, user)));
}
