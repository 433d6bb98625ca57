import { createHash } from 'node:crypto';
import type { Cursor, SyncSession } from '@syncline/connector-sdk';
import type { AzureDevOpsConfig } from '../config.js';
import type { KnownProblems } from './ref-problems.js';

/** The stream whose checkpoint this is. */
export const refStream = 'refs';

/** What a poll remembers: with the same refs on both sides there is nothing to do. */
export interface RefMemory {
  readonly digest?: string;
  readonly problems: KnownProblems;
  /** The last push that has its event, by its time: links that still call it an intent are only late. */
  readonly announced?: string;
  /** Refs that a push was about to delete: what is gone on both sides is found in no list. */
  readonly deleting?: readonly string[];
}

export async function readRefMemory(session: SyncSession): Promise<RefMemory> {
  // Only what this file wrote.
  const { digest, problems, announced, deleting } = (await session.checkpoint(refStream)) ?? {};
  return {
    ...(typeof digest === 'string' ? { digest } : {}),
    ...(typeof announced === 'string' ? { announced } : {}),
    ...(Array.isArray(deleting) ? { deleting: deleting.map(String) } : {}),
    problems: typeof problems === 'object' && problems !== null ? (problems as KnownProblems) : {},
  };
}

export function cursorOf({ problems, announced, deleting }: RefMemory): Cursor {
  return {
    problems,
    ...(announced === undefined ? {} : { announced }),
    ...(deleting === undefined ? {} : { deleting }),
  };
}

/** Everything the plan depends on. */
export function digestOf(
  { branches, tags, deletions, divergence }: AzureDevOpsConfig,
  gitLab: ReadonlyMap<string, string>,
  azure: ReadonlyMap<string, string>,
): string {
  const hash = createHash('sha256').update(JSON.stringify([branches, tags, deletions, divergence]));
  for (const refs of [gitLab, azure]) {
    for (const [ref, sha] of refs) hash.update(`${sha} ${ref}\n`);
    hash.update('\0');
  }
  return hash.digest('base64');
}
