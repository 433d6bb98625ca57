import assert from 'node:assert/strict';
import { ConnectorError, type PairLink, type SyncSession } from '@syncline/connector-sdk';
import { plain } from '../memory-host/apply-event.js';
import type { PairStoreWorld } from './pair-store-world.js';

/** One promise of `PairStore`, put to the test. */
export type Case = (world: PairStoreWorld) => Promise<void>;

const byId = (links: readonly PairLink[]): readonly PairLink[] => [...links].sort((a, b) => (a.id < b.id ? -1 : 1));
export const ids = (links: readonly PairLink[]): readonly string[] => byId(links).map(({ id }) => id);

/** As JSON: a store may answer with objects that were made elsewhere. */
export function same(actual: unknown, expected: unknown): void {
  assert.deepEqual(plain(actual), plain(expected));
}

export async function fails(work: Promise<unknown>, kind: ConnectorError['kind'], message: RegExp): Promise<void> {
  await assert.rejects(work, (error: unknown) => {
    assert.ok(error instanceof ConnectorError, String(error));
    assert.equal(error.kind, kind, error.message);
    assert.match(error.message, message);
    return true;
  });
}

/** Writes it as a run does: claimed, then with its copy. */
export async function store({ pair }: SyncSession, ...links: readonly PairLink[]): Promise<void> {
  assert.equal((await pair.claim(links.map((link) => ({ ...link, state: 'intended' })))).size, 0);
  await pair.commit({ links });
}
