import { accessLevels, type AccessToken, type Role, type Scope, type TokenKind, type User } from '../model/people.js';
import type { Group, Project } from '../model/project.js';
import type { WorldCore } from './world-core.js';

export interface UserOptions {
  readonly username: string;
  readonly name?: string;
  readonly admin?: boolean;
  readonly email?: string;
  readonly publicEmail?: string;
}

/** The users of the instance. Id 1 is the administrator, who acts where a change names nobody. */
export class Users {
  readonly byId = new Map<number, User>();
  readonly root: User;

  constructor(private readonly core: WorldCore) {
    this.root = this.create({ username: 'root', name: 'Administrator', admin: true });
  }

  create(options: UserOptions): User {
    return this.add(options, false);
  }

  find(username: string): User | undefined {
    const wanted = username.toLowerCase();
    for (const user of this.byId.values()) if (user.username.toLowerCase() === wanted) return user;
    return undefined;
  }

  /** A blocked user's tokens no longer work. */
  block(user: User): void {
    user.state = 'blocked';
    this.core.epoch += 1;
  }

  /** The bot behind a project or group access token. */
  createBot(owner: Project | Group, kind: 'project' | 'group', name: string): User {
    const username = `${kind}_${owner.id}_bot_${this.core.random.sha().slice(0, 32)}`;
    return this.add({ username, name }, true);
  }

  private add(options: UserOptions, bot: boolean): User {
    const user: User = {
      id: this.core.nextId('user'),
      namespaceId: this.core.nextId('namespace'),
      username: options.username,
      name: options.name ?? options.username.replace(/^./, (letter) => letter.toUpperCase()),
      state: 'active',
      admin: options.admin ?? false,
      bot,
      email: options.email ?? `${options.username}@example.com`,
      publicEmail: options.publicEmail ?? '',
      createdAt: this.core.clock.stamp(),
    };
    this.byId.set(user.id, user);
    return user;
  }
}

export type TokenOptions = {
  readonly name?: string;
  readonly scopes?: readonly Scope[];
  /** `YYYY-MM-DD`. */
  readonly expiresAt?: string;
  /** The secret; made up where absent. */
  readonly value?: string;
} & (
  | { readonly kind?: 'personal' | 'oauth' | 'job'; readonly user: User }
  | { readonly kind: 'project'; readonly project: Project; readonly role?: Role }
  | { readonly kind: 'group'; readonly group: Group; readonly role?: Role }
  | { readonly kind: 'deploy' }
);

const prefixes: Readonly<Record<TokenKind, string>> = {
  personal: 'glpat-',
  project: 'glpat-',
  group: 'glpat-',
  oauth: '',
  deploy: 'gldt-',
  job: 'glcbt-',
};

/** The access tokens of the instance, found by their secret. */
export class Tokens {
  private readonly byValue = new Map<string, AccessToken>();

  constructor(
    private readonly core: WorldCore,
    private readonly users: Users,
  ) {}

  create(options: TokenOptions): AccessToken {
    const kind = options.kind ?? 'personal';
    const name = options.name ?? 'simulated';
    const token: AccessToken = {
      id: this.core.nextId('token'),
      name,
      kind,
      value: options.value ?? `${prefixes[kind]}${this.core.random.sha256().slice(0, kind === 'oauth' ? 64 : 20)}`,
      user: this.userOf(options, name),
      scopes: options.scopes ?? (kind === 'deploy' ? ['read_repository', 'read_registry'] : ['read_api']),
      expiresAt: options.expiresAt ?? null,
      revoked: false,
      createdAt: this.core.clock.stamp(),
      lastUsedAt: null,
    };
    this.byValue.set(token.value, token);
    return token;
  }

  revoke(token: AccessToken): void {
    token.revoked = true;
  }

  find(value: string): AccessToken | undefined {
    return this.byValue.get(value);
  }

  expired(token: AccessToken): boolean {
    return token.expiresAt !== null && new Date(this.core.clock.read()).toISOString().slice(0, 10) >= token.expiresAt;
  }

  private userOf(options: TokenOptions, name: string): User | undefined {
    if (options.kind === 'deploy') return undefined;
    if (options.kind !== 'project' && options.kind !== 'group') return options.user;
    const owner = options.kind === 'project' ? options.project : options.group;
    const bot = this.users.createBot(owner, options.kind, name);
    owner.members.set(bot.id, accessLevels[options.role ?? 'maintainer']);
    return bot;
  }
}
