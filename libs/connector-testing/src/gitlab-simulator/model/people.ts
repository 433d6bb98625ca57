/** GitLab's access levels. 60 is what an administrator has everywhere. */
export const accessLevels = {
  none: 0,
  minimal: 5,
  guest: 10,
  planner: 15,
  reporter: 20,
  developer: 30,
  maintainer: 40,
  owner: 50,
  admin: 60,
} as const;

export type Role = Exclude<keyof typeof accessLevels, 'none' | 'admin'>;

export interface User {
  readonly id: number;
  /** Id of the user's personal namespace. */
  readonly namespaceId: number;
  username: string;
  name: string;
  state: 'active' | 'blocked';
  readonly admin: boolean;
  /** True for the users behind project and group access tokens. */
  readonly bot: boolean;
  readonly email: string;
  publicEmail: string;
  readonly createdAt: number;
}

export type TokenKind = 'personal' | 'project' | 'group' | 'oauth' | 'deploy' | 'job';

export type Scope =
  | 'api'
  | 'read_api'
  | 'read_user'
  | 'read_registry'
  | 'write_registry'
  | 'read_repository'
  | 'write_repository'
  | 'sudo';

export interface AccessToken {
  readonly id: number;
  readonly name: string;
  readonly kind: TokenKind;
  /** The secret a client presents. */
  readonly value: string;
  /** Who acts when this token is used; deploy tokens have nobody. */
  readonly user: User | undefined;
  readonly scopes: readonly Scope[];
  /** `YYYY-MM-DD`, the first day the token no longer works; null for never. */
  readonly expiresAt: string | null;
  revoked: boolean;
  readonly createdAt: number;
  lastUsedAt: number | null;
}
