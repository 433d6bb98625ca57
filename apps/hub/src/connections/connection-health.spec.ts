import { describe, expect, it } from '@jest/globals';
import type { ConnectionEntity } from './connection.entity.js';
import { healthOf } from './connection-health.js';

const at = (minute: number) => new Date(Date.UTC(2026, 0, 1, 0, minute));

const row = (changes: Partial<ConnectionEntity> = {}): ConnectionEntity => ({
  id: 'c',
  name: 'c',
  description: null,
  connectorId: 'x',
  enabled: true,
  schedule: { intervalMinutes: 10 },
  config: {},
  tags: [],
  nextRunAt: null,
  healthState: 'ok',
  healthSince: at(0),
  lastRunId: null,
  lastSuccessAt: at(0),
  lastError: null,
  switchedAt: at(0),
  createdAt: at(0),
  updatedAt: at(0),
  deletedAt: null,
  ...changes,
});

describe("a connection's health", () => {
  it('is late when two runs in a row should have succeeded by now', () => {
    expect(healthOf(row(), false, at(24)).state).toBe('ok');
    expect(healthOf(row(), false, at(26))).toMatchObject({ state: 'late', since: at(25) });
    // One that runs is on its way; one without a schedule has no time to miss.
    expect(healthOf(row(), true, at(26)).state).toBe('ok');
    expect(healthOf(row({ schedule: null }), false, at(600)).state).toBe('ok');
  });

  it('counts from when it was switched on', () => {
    const resumed = row({ switchedAt: at(500), lastSuccessAt: at(0) });
    expect(healthOf(resumed, false, at(510)).state).toBe('ok');
    expect(healthOf(row({ healthState: 'new', lastSuccessAt: null }), false, at(60)).state).toBe('late');
  });

  it('stays failing while it fails, and shows why', () => {
    const error = { kind: 'auth' as const, message: 'The token was refused.' };
    const failing = row({ healthState: 'needs_attention', healthSince: at(3), lastError: error, lastRunId: 'r' });
    expect(healthOf(failing, false, at(999))).toEqual({
      state: 'needs_attention',
      since: at(3),
      lastRunId: 'r',
      lastSuccessAt: at(0),
      error,
    });
    expect(healthOf(row({ lastError: error }), false, at(1)).error).toBeUndefined();
  });

  it('is paused while it is disabled', () => {
    expect(healthOf(row({ enabled: false, switchedAt: at(5) }), false, at(999))).toMatchObject({
      state: 'paused',
      since: at(5),
    });
  });
});
