import type { Cursor } from '@syncline/connector-sdk';
import type { Settings } from './config.js';

/**
 * A reader's cursor, together with what was read: with other branches or an earlier start there is more to read than the
 * cursor knows, so it no longer counts.
 */
export interface Saved<T> {
  readonly filter: string;
  readonly at: T;
}

/** What the config selects of a stream, apart from the projects. */
export function filterOf(settings: Settings, options: { readonly byBranch: boolean }): string {
  const since = settings.since?.toISOString() ?? '';
  return options.byBranch ? [since, ...[...settings.branches].sort()].join(' ') : since;
}

/** The cursor of a checkpoint, if it is of this filter. Only ever holds what `save` wrote. */
export function restore<T>(checkpoint: Cursor | undefined, filter: string): T | undefined {
  return checkpoint?.['filter'] === filter ? (checkpoint['at'] as T) : undefined;
}

export function save(filter: string, at: Cursor): Cursor {
  return { filter, at };
}
