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

const idle = { running: false, blockedUntil: undefined };
const running = { running: true, blockedUntil: undefined };

describe("a connection's health", () => {
  it('is late when two runs in a row should have succeeded by now', () => {
    expect(healthOf(row(), idle, at(24)).state).toBe('ok');
    expect(healthOf(row(), idle, at(26))).toMatchObject({ state: 'late', since: at(25) });
    // One that runs is on its way; one without a schedule has no time to miss.
    expect(healthOf(row(), running, at(26)).state).toBe('ok');
    expect(healthOf(row({ schedule: null }), idle, at(600)).state).toBe('ok');
  });

  it('counts from when it was switched on', () => {
    const resumed = row({ switchedAt: at(500), lastSuccessAt: at(0) });
    expect(healthOf(resumed, idle, at(510)).state).toBe('ok');
    expect(healthOf(row({ healthState: 'new', lastSuccessAt: null }), idle, at(60)).state).toBe('late');
  });

  it('stays failing while it fails, and shows why', () => {
    const error = { kind: 'auth' as const, message: 'The token was refused.' };
    const failing = row({ healthState: 'needs_attention', healthSince: at(3), lastError: error, lastRunId: 'r' });
    expect(healthOf(failing, idle, at(999))).toEqual({
      state: 'needs_attention',
      since: at(3),
      lastRunId: 'r',
      lastSuccessAt: at(0),
      error,
    });
    expect(healthOf(row({ lastError: error }), idle, at(1)).error).toBeUndefined();
  });

  it('says that it waits for the remote, and until when; late where that takes it over its time', () => {
    const waits = { running: true, blockedUntil: at(40) };
    const error = expect.objectContaining({
      kind: 'rate_limit',
      message: expect.stringContaining('2026-01-01T00:40:00.000Z'),
      retryAt: at(40),
    });
    expect(healthOf(row(), waits, at(10))).toMatchObject({ state: 'ok', error });
    expect(healthOf(row(), waits, at(26))).toMatchObject({ state: 'late', since: at(25), error });
    expect(healthOf(row(), { ...waits, running: false }, at(26))).toMatchObject({ state: 'late', error });
    expect(healthOf(row(), waits, at(41)).error).toBeUndefined();
    // What its owner has to fix comes first.
    const refused = { kind: 'auth' as const, message: 'The token was refused.' };
    expect(healthOf(row({ healthState: 'needs_attention', lastError: refused }), waits, at(10)).error).toEqual(refused);
  });

  it('shows the wait that a run ended with, until its next one', () => {
    const lastError = { kind: 'rate_limit' as const, message: 'Wait.' };
    const waiting = row({ lastError, nextRunAt: at(30) });
    expect(healthOf(waiting, idle, at(20)).error).toEqual({ ...lastError, retryAt: at(30) });
    expect(healthOf(waiting, running, at(31)).error).toBeUndefined();
  });

  it('is paused while it is disabled', () => {
    expect(healthOf(row({ enabled: false, switchedAt: at(5) }), idle, at(999))).toMatchObject({
      state: 'paused',
      since: at(5),
    });
  });
});
