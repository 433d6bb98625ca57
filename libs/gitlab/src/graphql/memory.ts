import { createHash } from 'node:crypto';
import type { Instance } from '@syncline/connector-sdk';
import { publishedAtOnce, tagListsAtOnce } from './registry-query.js';
import { Pace } from './pace.js';
import { PulseBoard } from './pulse-board.js';
import { Way } from './way.js';

/** What a process knows about reading one instance with one token, from run to run. */
export class GitLabMemory {
  readonly way = new Way();
  readonly board = new PulseBoard();
  readonly paces = {
    work: new Pace(50, 1),
    shipping: new Pace(50, 1),
    mergeRequests: new Pace(50, 5),
    pipelines: new Pace(100, 5),
    releases: new Pace(50, 5),
    containerRepositories: new Pace(100, 5),
    published: new Pace(publishedAtOnce, 1),
    tags: new Pace(tagListsAtOnce, 1),
  };
  /** The question whether there is GraphQL at all, while it is being asked. */
  probing: Promise<void> | undefined;
}

/** More instances than that are forgotten, the one used least recently first; to find out again costs one request. */
const mostRemembered = 200;

/** The memories of a process. Rights belong to tokens, so what one token was shown is never used for another. */
export class GitLabMemories {
  private readonly byToken = new Map<string, GitLabMemory>();

  of({ baseUrl, credentials }: Pick<Instance, 'baseUrl' | 'credentials'>): GitLabMemory {
    const key = createHash('sha256')
      .update(`${baseUrl.replace(/\/+$/, '')}\n${credentials.token ?? ''}`)
      .digest('hex');
    const memory = this.byToken.get(key) ?? new GitLabMemory();
    this.byToken.delete(key);
    this.byToken.set(key, memory);
    for (const oldest of this.byToken.keys()) {
      if (this.byToken.size <= mostRemembered) break;
      this.byToken.delete(oldest);
    }
    return memory;
  }
}
