import type { Instance } from './instance.js';
import type { JsonObject } from './json.js';
import type { LinkSide } from './links.js';
import type { Session } from './session.js';

/** Somebody with an account at a remote system. */
export interface Person {
  readonly username: string;
  /** As the remote shows it to people. */
  readonly name: string;
}

export interface MembersQuery {
  readonly side: LinkSide;
  /** `nextCursor` of the page before. */
  readonly cursor?: string;
}

export interface MemberPage {
  /** The instance of that side. */
  readonly instanceId: string;
  readonly people: readonly Person[];
  readonly nextCursor?: string;
}

/**
 * Who there is at the remote, for mapping users. Called outside runs. Both throw `ConnectorError` where the remote
 * cannot be asked; nobody found is an answer.
 */
export interface People<TConfig = JsonObject> {
  /** Those of these usernames (any case) that exist at the instance. */
  find(session: Session, instance: Instance, usernames: readonly string[]): Promise<readonly Person[]>;
  /** Who may be named on the items of one side of a connection, e.g. the members of its project, page by page. */
  members(session: Session, config: TConfig, query: MembersQuery): Promise<MemberPage>;
}
