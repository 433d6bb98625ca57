import { EventEmitter, once } from 'node:events';
import { describe, expect, it } from '@jest/globals';
import {
  ConnectorError,
  type KnownCopy,
  type PairChanges,
  type PairLink,
  type SyncSession,
} from '@syncline/connector-sdk';
import type { IssueLink } from '../links.js';
import { CommitQueue } from './commit-queue.js';
import { PairLinks } from './pair-links.js';

const place = { instanceId: 'i', baseUrl: 'https://git.example.com', projectId: '1', path: 'acme/web' };
const link = (id: string): IssueLink => ({
  id,
  kind: 'issue',
  state: 'intended',
  origin: { hub: 'h', instance: place.baseUrl, project: '1', issue: id },
  originSide: 'left',
});

/** A store that writes down what it is asked, in order. */
function openQueue(answer: { commit?: () => Promise<void>; claim?: (ids: readonly string[]) => Promise<void> } = {}) {
  const said: string[] = [];
  const pair = {
    async commit({ links = [] }: PairChanges) {
      said.push(`store ${links.map(({ id }) => id).join(' ')}`);
      await answer.commit?.();
    },
    async claim(links: readonly PairLink[]) {
      const ids = links.map(({ id }) => id);
      said.push(`claim ${ids.join(' ')}`);
      await answer.claim?.(ids);
      return new Map<string, KnownCopy>();
    },
  };
  const session = { pair } as unknown as SyncSession;
  return { said, queue: new CommitQueue(session, new PairLinks(session, { left: place, right: place })) };
}

describe('the queue of what is to be stored', () => {
  it('stores what many add in one go, of a link the last state, and claims together after it', async () => {
    const { queue, said } = openQueue();
    queue.add({ links: [link('a')] });
    queue.add({ links: [link('b'), link('a')] });
    await Promise.all([queue.claim([link('c')]), queue.claim([link('d')]), queue.drain()]);
    expect(said).toEqual(['store b a', 'claim c d']);
  });

  it('waits for what was added before, and not for what others add meanwhile', async () => {
    const store = new EventEmitter();
    const { queue, said } = openQueue({
      commit: async () => {
        queueMicrotask(() => store.emit('asked'));
        await once(store, 'done');
      },
    });
    const asked = once(store, 'asked');
    queue.add({ links: [link('a')] });
    const drained = queue.drain();
    await asked;
    queue.add({ links: [link('b')] });
    store.emit('done');
    await drained;
    expect(said).toEqual(['store a']);
    const again = once(store, 'asked');
    const last = queue.drain();
    await again;
    store.emit('done');
    await last;
    expect(said).toEqual(['store a', 'store b']);
  });

  it('lets an item whose claim is impossible fail alone', async () => {
    const { queue } = openQueue({
      claim: (ids) =>
        ids.includes('bad') ? Promise.reject(new ConnectorError('permanent', 'taken')) : Promise.resolve(),
    });
    const results = await Promise.allSettled(['a', 'bad', 'b'].map((id) => queue.claim([link(id)])));
    expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
  });

  it('stores and claims nothing more after a failure', async () => {
    const { queue, said } = openQueue({ commit: () => Promise.reject(new ConnectorError('interrupted', 'lost')) });
    queue.add({ links: [link('a')] });
    await expect(queue.drain()).rejects.toThrow('lost');
    expect(() => queue.add({ links: [link('b')] })).toThrow('lost');
    await expect(queue.claim([link('c')])).rejects.toThrow('lost');
    await expect(queue.drain()).rejects.toThrow('lost');
    expect(said).toEqual(['store a']);
  });
});
