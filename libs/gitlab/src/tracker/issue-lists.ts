import type { ChangesRequest, ConnectorError, Issue, IssuePage, TrackerPlace } from '@syncline/connector-sdk';
import type { GitLabClient } from '../client.js';
import { parseItems, type RawPage } from '../page.js';
import { walkUpdated } from '../rest-lists.js';
import { advance, nextRequest, type WalkCursor } from '../updated-walk.js';
import { mapIssue } from './mapping.js';
import { type IssueBody, issueSchema } from './schema.js';

/** Numbers in one query: keeps the address far below what proxies accept, and the answer on one page. */
const MOST_NUMBERS = 100;

export interface IssueListsOptions {
  readonly client: GitLabClient;
  readonly place: TrackerPlace;
  /** Called for each issue read, so that what it tells by the way is not asked for. */
  readonly onIssue: (body: IssueBody) => void;
  /** Called for an issue that cannot be read; the others go on. */
  readonly onUnreadable: (key: string, error: ConnectorError) => void;
}

/** Issues by lists: a hundred in a request. */
export class IssueLists {
  private readonly projectId: number;

  constructor(private readonly options: IssueListsOptions) {
    this.projectId = Number(options.place.projectId);
  }

  /** The walk by `updated_at`; its cursor holds times, so it may be resumed after any page, even weeks later. */
  async *changes({ after, since }: ChangesRequest): AsyncIterable<IssuePage> {
    const { client } = this.options;
    const kind = { schema: issueSchema.transform((body) => ({ body, updatedAt: body.updated_at })), ...this.words() };
    const from = since === undefined ? walkCursorOf(after) : undefined;
    const call = (query: object): Promise<unknown> =>
      client.issues.all({ projectId: this.projectId, scope: 'all', state: 'all', ...query });
    for await (const { items, cursor } of walkUpdated(client, kind, from, { since }, call)) {
      const issues: Issue[] = [];
      for (const item of items) {
        if (item.ok) issues.push(this.map(item.value.body));
        else this.options.onUnreadable(item.id, item.error);
      }
      yield { issues, cursor };
    }
  }

  async find(keys: readonly string[]): Promise<ReadonlyMap<string, Issue>> {
    const { client } = this.options;
    const found = new Map<string, Issue>();
    const numbers = [...new Set(keys)].filter((key) => /^[1-9]\d{0,15}$/.test(key)).map(Number);
    for (let at = 0; at < numbers.length; at += MOST_NUMBERS) {
      const iids = numbers.slice(at, at + MOST_NUMBERS);
      const page = await client.page(1, (paging) =>
        client.issues.all({ projectId: this.projectId, scope: 'all', state: 'all', iids, ...paging }),
      );
      for (const issue of this.parse(page)) found.set(issue.key, issue);
    }
    return found;
  }

  /** By time of creation, walked like the changes: an issue that is deleted meanwhile hides no other. */
  async *createdBy(authorId: number, since: Date): AsyncIterable<readonly Issue[]> {
    const { client } = this.options;
    const seen = new Set<string>();
    const walk = { since, overlapMs: 0 };
    let cursor: WalkCursor | undefined;
    do {
      const { page, updatedAfter: createdAfter } = nextRequest(cursor, walk);
      const filter = { projectId: this.projectId, scope: 'all', state: 'all', authorId, createdAfter };
      const raw = await client.page(page, (paging) =>
        client.issues.all({ ...filter, orderBy: 'created_at', sort: 'asc', ...paging }),
      );
      const issues = this.parse(raw);
      const times = issues.map(({ createdAt }) => new Date(createdAt));
      cursor = advance(cursor, { times, hasNext: raw.nextPage !== undefined, serverDate: raw.serverDate }, walk);
      const fresh = issues.filter(({ key }) => !seen.has(key));
      for (const { key } of fresh) seen.add(key);
      if (fresh.length > 0) yield fresh;
    } while (cursor.position !== undefined);
  }

  private parse({ items }: RawPage): Issue[] {
    const { key, what } = this.words();
    return parseItems(items, issueSchema, key, what).flatMap((item) => {
      if (item.ok) return [this.map(item.value)];
      this.options.onUnreadable(item.id, item.error);
      return [];
    });
  }

  private map(body: IssueBody): Issue {
    this.options.onIssue(body);
    return mapIssue(body, this.options.place);
  }

  private words(): { readonly key: string; readonly what: string } {
    return { key: 'iid', what: `an issue of project ${this.options.place.path}` };
  }
}

/** A cursor of ours, read back: anything else counts as none, which reads more and misses nothing. */
function walkCursorOf(cursor: ChangesRequest['after']): WalkCursor | undefined {
  if (cursor === undefined) return undefined;
  return isWalkCursor(cursor) ? cursor : undefined;
}

function isWalkCursor(cursor: object): cursor is WalkCursor {
  const { mark, position }: { mark?: unknown; position?: unknown } = cursor;
  if (mark !== undefined && (typeof mark !== 'string' || Number.isNaN(Date.parse(mark)))) return false;
  return (mark !== undefined || position !== undefined) && (position === undefined || typeof position === 'object');
}
