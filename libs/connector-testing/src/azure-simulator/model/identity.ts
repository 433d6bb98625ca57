/** What a personal access token may be used for, by the names Azure DevOps gives them. */
export type AzureScope =
  | 'vso.code'
  | 'vso.code_write'
  | 'vso.code_manage'
  | 'vso.code_status'
  | 'vso.build'
  | 'vso.build_execute'
  | 'vso.project';

/** What a person may do in a repository. */
export type GitPermission =
  'read' | 'contribute' | 'forcePush' | 'createBranch' | 'createTag' | 'policyExempt' | 'createRepository';

/** Bits of the security namespace "Git Repositories". Source: Azure DevOps security namespace reference. */
export const gitPermissionBits: Readonly<Record<GitPermission, number>> = {
  read: 2,
  contribute: 4,
  forcePush: 8,
  createBranch: 16,
  createTag: 32,
  policyExempt: 128,
  createRepository: 256,
};

export interface AzureUser {
  readonly id: string;
  readonly displayName: string;
  readonly uniqueName: string;
  /** In every project of the organisation; a contributor's by default. */
  readonly permissions: Set<GitPermission>;
}

export interface PersonalAccessToken {
  /** The secret a client presents as a password. */
  readonly value: string;
  readonly user: AzureUser;
  readonly scopes: readonly AzureScope[];
  readonly expiresAt: Date | null;
  revoked: boolean;
}
