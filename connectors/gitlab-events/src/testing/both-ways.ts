import type { Cursor } from '@syncline/connector-sdk';
import type { MemoryHost, MemoryStore } from '@syncline/connector-testing';
import type { GitLabEventsConfig } from '../config.js';
import type { GitLabWorld } from './gitlab-world.js';

/** Hosts that read the same world, one by each way, and the same world by both in turn. */
export class BothWays {
  readonly graphQl: MemoryHost<GitLabEventsConfig>;
  readonly rest: MemoryHost<GitLabEventsConfig>;

  constructor(
    private readonly gitLab: GitLabWorld,
    private readonly config: Partial<GitLabEventsConfig>,
  ) {
    this.graphQl = this.by('auto');
    this.rest = this.by('rest');
  }

  /** A host that goes on with a store by this way. */
  by(reading: 'auto' | 'rest', store?: MemoryStore): MemoryHost<GitLabEventsConfig> {
    return this.gitLab.host({ ...this.config, reading }, store);
  }
}

/** Everything a store holds, as text: field by field and version by version. */
export function contentOf(store: MemoryStore): Record<string, unknown> {
  return {
    events: Object.fromEntries([...store.events].sort(byKey)),
    checkpoints: Object.fromEntries([...store.checkpoints].sort(byKey).map(([name, at]) => [name, withoutHints(at)])),
  };
}

/** Content without how often it was written: a way may read an object once more than the other. */
export function eventsOf(store: MemoryStore): Record<string, unknown> {
  return Object.fromEntries([...store.events].sort(byKey).map(([id, { revision: _revision, ...row }]) => [id, row]));
}

function byKey([a]: readonly [string, unknown], [b]: readonly [string, unknown]): number {
  return a < b ? -1 : 1;
}

/** Hints are for one way alone; all else in a checkpoint is for both. */
function withoutHints(cursor: Cursor): Cursor {
  return JSON.parse(JSON.stringify(cursor, (key, value: unknown) => (key === 'hint' ? undefined : value))) as Cursor;
}
