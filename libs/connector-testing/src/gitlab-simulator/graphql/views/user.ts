import type { User } from '../../model/people.js';
import type { GraphQlCall } from '../graphql-call.js';
import { globalId } from '../schema/global-id.js';

export function userView({ site }: GraphQlCall, user: User) {
  return {
    id: globalId('User', user.id),
    bot: user.bot,
    name: user.name,
    publicEmail: user.publicEmail,
    state: user.state,
    username: user.username,
    webUrl: `${site.url}/${user.username}`,
  };
}

export function userViewOrNull(call: GraphQlCall, user: User | null) {
  return user === null ? null : userView(call, user);
}
