import type { Cursor, SyncSession } from '@syncline/connector-sdk';
import type { WalkCursor } from '@syncline/gitlab';
import type { Settings } from './config.js';

/** What the config selects of a stream, apart from the projects. */
export function filterOf(settings: Settings, options: { readonly byBranch: boolean }): string {
  const since = settings.since?.toISOString() ?? '';
  return options.byBranch ? [since, ...[...settings.branches].sort()].join(' ') : since;
}

/**
 * The reader's cursor in a checkpoint, if it is of this filter: with other branches or an earlier start there is more to
 * read than the cursor knows, so it no longer counts. Only ever holds what `save` wrote.
 */
export function restore<T>(checkpoint: Cursor | undefined, filter: string): T | undefined {
  return checkpoint?.['filter'] === filter ? (checkpoint['at'] as T) : undefined;
}

export function save(filter: string, at: Cursor): Cursor {
  return { filter, at };
}

/** Where the walk of a stream stands, if the config still selects what it did. */
export async function savedWalk(
  { session, settings }: { readonly session: SyncSession; readonly settings: Settings },
  project: { readonly id: number },
  stream: { readonly name: string; readonly byBranch: boolean },
): Promise<WalkCursor | undefined> {
  return restore<WalkCursor>(await session.checkpoint(`${stream.name}/${project.id}`), filterOf(settings, stream));
}
