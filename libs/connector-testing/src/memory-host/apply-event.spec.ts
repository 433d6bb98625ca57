import { describe, expect, it } from '@jest/globals';
import type { ChangeEvent } from '@syncline/connector-sdk';
import { applyEvent, type EventRow } from './apply-event.js';

const at = (minute: number): Date => new Date(Date.UTC(2026, 0, 5, 10, minute));

function event(overrides: Partial<ChangeEvent> = {}): ChangeEvent {
  return {
    eventId: 'mr-1-7',
    version: { updatedAt: at(0) },
    eventType: 'merge_request',
    title: 'Sharpen the saw',
    status: 'opened',
    project: { id: '1', path: 'acme/web' },
    occurredAt: at(0),
    metadata: { labels: ['a'] },
    ...overrides,
  };
}

function apply(...events: ChangeEvent[]): EventRow {
  let row: EventRow | undefined;
  for (const next of events) row = applyEvent(row, next).row;
  if (row === undefined) throw new Error('no events were given');
  return row;
}

describe('applyEvent', () => {
  it('creates what it has not seen', () => {
    const { outcome, row } = applyEvent(undefined, event());
    expect(outcome).toBe('created');
    expect(row.transitions).toEqual([`opened@${at(0).toISOString()}`]);
  });

  it('applies a newer version', () => {
    const merged = event({ version: { updatedAt: at(9) }, status: 'merged', occurredAt: at(8) });
    expect(apply(event(), merged)).toMatchObject({ status: 'merged', revision: 2, occurredAt: at(8).toISOString() });
  });

  it('never applies an older version, but keeps the statuses it proves', () => {
    const merged = event({ version: { updatedAt: at(9) }, status: 'merged', occurredAt: at(8) });
    const late = event({ title: 'Old title', transitions: [{ status: 'opened', at: at(0) }] });
    const { outcome, row } = applyEvent(apply(merged), late);
    expect(outcome).toBe('unchanged');
    expect(row).toMatchObject({ status: 'merged', title: 'Sharpen the saw' });
    expect(row.transitions).toEqual([`opened@${at(0).toISOString()}`, `merged@${at(8).toISOString()}`]);
  });

  it('applies an equal or unknown version only if the content differs', () => {
    const known = apply(event());
    expect(applyEvent(known, event()).outcome).toBe('unchanged');
    expect(applyEvent(known, event({ metadata: { labels: ['b'] } })).outcome).toBe('updated');
    expect(applyEvent(known, event({ version: { updatedAt: null } })).outcome).toBe('unchanged');
    expect(applyEvent(known, event({ version: { updatedAt: null }, title: 'New' })).outcome).toBe('updated');
  });

  it('does not mind the order of keys in metadata', () => {
    const known = apply(event({ metadata: { a: 1, b: 2 } }));
    expect(applyEvent(known, event({ metadata: { b: 2, a: 1 } })).outcome).toBe('unchanged');
  });

  it('keeps the time of an unchanged status where the source has only a bound', () => {
    const exact = event({ occurredAt: at(5) });
    const bound = event({ version: { updatedAt: at(20) }, occurredAtPrecision: 'at_least' });
    expect(apply(exact, bound)).toMatchObject({ occurredAt: at(5).toISOString(), revision: 2 });
    expect(apply(exact, bound).transitions).toEqual([`opened@${at(5).toISOString()}`]);
  });

  it('dates a changed status by the version where the source has only a bound', () => {
    const closed = event({ version: { updatedAt: at(10) }, status: 'closed', occurredAt: at(10) });
    const reopened = event({ version: { updatedAt: at(30) }, occurredAtPrecision: 'at_least' });
    expect(apply(event(), closed, reopened)).toMatchObject({
      occurredAt: at(30).toISOString(),
      transitions: [
        `opened@${at(0).toISOString()}`,
        `closed@${at(10).toISOString()}`,
        `opened@${at(30).toISOString()}`,
      ],
    });
  });
});
