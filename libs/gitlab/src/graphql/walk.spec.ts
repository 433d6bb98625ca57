import { describe, expect, it } from '@jest/globals';
import { advance, nextRequest, type WalkCursor } from '../updated-walk.js';
import { afterPage, nextStep } from './walk.js';

const started = '2026-03-02T08:00:00.000Z';
const seen = new Date('2026-03-01T10:00:00.000Z');

describe('a walk by tokens', () => {
  it('begins where REST would, two minutes before the mark, and ends with the mark REST would set', () => {
    const cursor = { mark: started };
    expect(nextStep(cursor, {}, 'updated')).toEqual({ updatedAfter: '2026-03-02T07:58:00.000Z' });
    const page = { startedAt: '2026-03-02T09:00:00.000Z', lastUpdatedAt: seen };
    expect(afterPage(cursor, { updatedAfter: 'x' }, page, 'updated')).toEqual({ mark: '2026-03-02T09:00:00.000Z' });
    expect(nextStep(undefined, { since: seen }, 'newestFirst')).toEqual({ updatedAfter: seen.toISOString() });
    expect(nextStep(undefined, {}, 'updated')).toEqual({});
  });

  it('goes on by its token, with the filter the token belongs to and the time its pass began', () => {
    const first = afterPage(undefined, {}, { startedAt: started, lastUpdatedAt: seen, endCursor: 'A' }, 'updated');
    expect(first.mark).toBeUndefined();
    const step = nextStep(first, {}, 'updated');
    expect(step).toEqual({ startedAt: started, after: 'A' });
    const page = { startedAt: '2026-03-02T08:05:00.000Z', lastUpdatedAt: seen, endCursor: 'B' };
    expect(afterPage(first, step, page, 'updated').position).toMatchObject({
      startedAt: started,
      hint: { after: 'B' },
    });
  });
});

describe('REST takes over from it', () => {
  it('at the last row in the order of change', () => {
    const cursor = afterPage(undefined, {}, { startedAt: started, lastUpdatedAt: seen, endCursor: 'A' }, 'updated');
    expect(nextRequest(cursor)).toEqual({ updatedAfter: seen.toISOString(), page: 1, sort: 'asc' });
  });

  it('at the beginning of the pass where the newest came first, those without a time included', () => {
    const cursor = afterPage(
      undefined,
      {},
      { startedAt: started, lastUpdatedAt: undefined, endCursor: 'A' },
      'newestFirst',
    );
    expect(nextRequest(cursor)).toEqual({ updatedAfter: undefined, page: 1, sort: 'asc' });
    const ended = advance(cursor, { times: [seen], hasNext: false, serverDate: new Date() }, { mayBeUndated: true });
    expect(ended.position).toMatchObject({ undated: true });
  });

  it('and leaves no token behind, which would lead back', () => {
    const cursor = afterPage(
      { mark: started },
      { updatedAfter: 'x' },
      { startedAt: started, lastUpdatedAt: seen, endCursor: 'A' },
      'updated',
    );
    const next = advance(cursor, { times: [seen], hasNext: true, serverDate: new Date() });
    expect(JSON.stringify(next)).not.toContain('hint');
  });
});

describe('it takes over from REST', () => {
  const position = { startedAt: started, updatedAfter: seen.toISOString(), page: 3 };

  it('at the time REST has reached, whatever the page', () => {
    const cursor: WalkCursor = { position };
    for (const order of ['updated', 'newestFirst'] as const) {
      expect(nextStep(cursor, {}, order)).toEqual({ startedAt: started, updatedAfter: seen.toISOString() });
    }
  });

  it('from the beginning where rows without a time are still unread', () => {
    for (const more of [{ whole: true }, { undated: true }]) {
      expect(nextStep({ position: { ...position, ...more } }, {}, 'newestFirst')).toEqual({ startedAt: started });
    }
  });
});
