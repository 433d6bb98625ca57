import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { BareRepository } from '../../git-server/bare-repository.js';
import type { AzureScope, AzureUser, GitPermission, PersonalAccessToken } from '../model/identity.js';
import type { AzureProject, AzureRepository, BranchPolicy } from '../model/repository.js';
import { Builds } from './builds.js';

/** What a member of the group "Contributors" may do. */
const contributor: readonly GitPermission[] = ['read', 'contribute', 'createBranch', 'createTag'];
const allScopes: readonly AzureScope[] = ['vso.code_manage', 'vso.code_status', 'vso.build_execute', 'vso.project'];
const largestPush = 5 * 1024 ** 3;

export interface AzureWorldOptions {
  readonly now: () => Date;
  /** Where the repositories lie. */
  readonly folder: string;
}

/** Everything an Azure DevOps instance knows, and the ways to change it past its own rules. */
export class AzureWorld {
  /** Projects by collection (an organisation, on the hosted service). */
  readonly collections = new Map<string, AzureProject[]>();
  readonly builds: Builds;
  readonly users: AzureUser[] = [];
  private readonly tokens = new Map<string, PersonalAccessToken>();
  private readonly ids = new Map<string, number>();

  constructor(private readonly options: AzureWorldOptions) {
    this.builds = new Builds(options.now, () => this.nextId('build'));
  }

  now(): Date {
    return this.options.now();
  }

  nextId(kind: string): number {
    const id = (this.ids.get(kind) ?? 0) + 1;
    this.ids.set(kind, id);
    return id;
  }

  createUser(displayName: string, permissions: readonly GitPermission[] = contributor): AzureUser {
    const uniqueName = `${displayName.toLowerCase().replace(/\W+/g, '.')}@example.com`;
    const user: AzureUser = { id: randomUUID(), displayName, uniqueName, permissions: new Set(permissions) };
    this.users.push(user);
    return user;
  }

  createToken(
    user: AzureUser,
    options: { readonly scopes?: readonly AzureScope[]; readonly expiresAt?: Date; readonly value?: string } = {},
  ): PersonalAccessToken {
    const token: PersonalAccessToken = {
      value: options.value ?? `azpat${randomUUID().replaceAll('-', '')}${randomUUID().replaceAll('-', '')}`,
      user,
      scopes: options.scopes ?? allScopes,
      expiresAt: options.expiresAt ?? null,
      revoked: false,
    };
    this.tokens.set(token.value, token);
    return token;
  }

  /** The token behind a secret, if it still works. */
  findToken(value: string): PersonalAccessToken | undefined {
    const token = this.tokens.get(value);
    if (token === undefined || token.revoked) return undefined;
    return token.expiresAt !== null && token.expiresAt <= this.now() ? undefined : token;
  }

  createProject(collection: string, name: string): AzureProject {
    const project: AzureProject = {
      id: randomUUID(),
      name,
      collection,
      repositories: new Map(),
      definitions: new Map(),
      builds: new Map(),
    };
    const known = this.collections.get(collection);
    if (known === undefined) this.collections.set(collection, [project]);
    else known.push(project);
    return project;
  }

  async createRepository(project: AzureProject, name: string): Promise<AzureRepository> {
    const id = randomUUID();
    const repository: AzureRepository = {
      id,
      project,
      git: await BareRepository.create(join(this.options.folder, `${id}.git`)),
      name,
      defaultBranch: undefined,
      isDisabled: false,
      policies: [],
      pushes: [],
      statuses: [],
      branchCreators: new Map(),
      largestPush,
    };
    project.repositories.set(id, repository);
    return repository;
  }

  /** Protects a branch, or all that begin with a name ending in `/`. */
  protect(repository: AzureRepository, branch: string, kind: BranchPolicy['kind'] = 'pull_request'): BranchPolicy {
    const policy: BranchPolicy = { id: this.nextId('policy'), branch, kind };
    repository.policies.push(policy);
    return policy;
  }

  findProject(collection: string, idOrName: string): AzureProject | undefined {
    return this.collections.get(collection)?.find((project) => isCalled(project, idOrName));
  }

  /** By id or name, in one project or, by id only, in any of the collection. */
  findRepository(collection: string, idOrName: string, project: AzureProject | undefined): AzureRepository | undefined {
    if (project !== undefined) return find(project.repositories.values(), idOrName);
    for (const one of this.collections.get(collection) ?? []) {
      const found = one.repositories.get(idOrName.toLowerCase());
      if (found !== undefined) return found;
    }
    return undefined;
  }
}

function find(repositories: Iterable<AzureRepository>, idOrName: string): AzureRepository | undefined {
  for (const repository of repositories) if (isCalled(repository, idOrName)) return repository;
  return undefined;
}

/** Names are compared without regard to case; an id is accepted wherever a name is. */
function isCalled(thing: { readonly id: string; readonly name: string }, idOrName: string): boolean {
  return thing.id === idOrName.toLowerCase() || thing.name.toLowerCase() === idOrName.toLowerCase();
}
