import type { TrackerUser } from '@syncline/connector-sdk';
import type { GitLabClient } from '../client.js';
import { parseOne } from '../page.js';
import type { UserRecord } from '../records.js';
import { currentUserSchema } from '../schema/account.js';
import { userSchema } from '../schema/parts.js';
import { mapUser } from './mapping.js';

export interface Account extends TrackerUser {
  readonly isAdmin: boolean;
}

/** Who is who, for one run: people seen on issues are known without a request, everybody else costs one. */
export class Users {
  /** By username in small letters; undefined: asked for, and there is none. */
  private readonly known = new Map<string, TrackerUser | undefined>();
  private account: Promise<Account> | undefined;

  constructor(private readonly client: GitLabClient) {}

  remember(users: readonly (UserRecord | null)[]): void {
    for (const user of users) {
      if (user !== null && user.id !== null) this.known.set(user.username.toLowerCase(), mapUser(user));
    }
  }

  me(): Promise<Account> {
    this.account ??= this.readMe().catch((error: unknown) => {
      this.account = undefined;
      throw error;
    });
    return this.account;
  }

  /** `GET /users?username=` is exact but for letter case; what it answers is compared all the same. */
  async find(username: string): Promise<TrackerUser | undefined> {
    const name = username.trim().toLowerCase();
    if (name === '') return undefined;
    if (this.known.has(name)) return this.known.get(name);
    const { items } = await this.client.page(1, (paging) => this.client.users.all({ username: name, ...paging }));
    const found = items
      .map((item) => userSchema.safeParse(item))
      .find(({ data }) => data !== undefined && data.id !== null && data.username.toLowerCase() === name);
    const user = found?.data === undefined ? undefined : mapUser(found.data);
    this.known.set(name, user);
    return user;
  }

  /** Numeric ids of those that exist; GitLab drops unknown assignees as silently as those without access. */
  async idsOf(usernames: readonly string[]): Promise<number[]> {
    const ids: number[] = [];
    for (const username of usernames) {
      const user = await this.find(username);
      if (user !== undefined && !ids.includes(Number(user.id))) ids.push(Number(user.id));
    }
    return ids;
  }

  private async readMe(): Promise<Account> {
    const user = parseOne(await this.client.users.showCurrentUser(), currentUserSchema, "the token's user");
    return { ...mapUser({ id: user.id, username: user.username, name: user.name }), isAdmin: user.is_admin === true };
  }
}
