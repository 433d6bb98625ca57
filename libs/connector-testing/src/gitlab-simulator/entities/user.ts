import type { AccessToken, User } from '../model/people.js';
import { isoTime, isoTimeOrNull, type Site } from './site.js';

export function userEntity(site: Site, user: User) {
  return {
    id: user.id,
    username: user.username,
    public_email: user.publicEmail,
    name: user.name,
    state: user.state,
    locked: false,
    avatar_url: null,
    web_url: `${site.url}/${user.username}`,
  };
}

export function userOrNull(site: Site, user: User | null) {
  return user === null ? null : userEntity(site, user);
}

/** `GET /user`: who am I. */
export function currentUserEntity(site: Site, user: User) {
  return {
    ...userEntity(site, user),
    created_at: isoTime(user.createdAt),
    bio: '',
    location: '',
    bot: user.bot,
    email: user.email,
    commit_email: user.email,
    confirmed_at: isoTime(user.createdAt),
    namespace_id: user.namespaceId,
    external: false,
    two_factor_enabled: false,
    ...(user.admin ? { is_admin: true } : {}),
  };
}

export function tokenEntity(token: AccessToken, user: User, active: boolean) {
  return {
    id: token.id,
    name: token.name,
    revoked: token.revoked,
    created_at: isoTime(token.createdAt),
    description: '',
    scopes: token.scopes,
    user_id: user.id,
    last_used_at: isoTimeOrNull(token.lastUsedAt),
    active,
    expires_at: token.expiresAt,
  };
}
