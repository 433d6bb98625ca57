import type { JsonObject } from '../../api/json.js';
import type { FieldError } from '../../api/problem.js';
import type { Connection, Connector, Schedule } from '../../api/types.js';
import { mergePatch, sameJson } from '../../forms/merge-patch.js';
import { connectorName } from '../catalog/connectors.js';

export interface ScheduleDraft {
  kind: 'interval' | 'cron' | 'manual';
  intervalMinutes: number | '';
  cron: string;
  timeZone: string;
}

/** The part of a connection that is the same for every connector; its configuration has a form of its own. */
export interface ConnectionDraft {
  name: string;
  description: string;
  enabled: boolean;
  schedule: ScheduleDraft;
  tags: string[];
}

export function draftOfConnection(connector: Connector, connection: Connection | undefined): ConnectionDraft {
  const interval = connector.defaultIntervalMinutes ?? 60;
  return {
    name: connection?.name ?? connectorName(connector),
    description: connection?.description ?? '',
    enabled: connection?.enabled ?? true,
    schedule: draftOfSchedule(connection === undefined ? { intervalMinutes: interval } : connection.schedule, interval),
    tags: connection?.tags ?? [],
  };
}

function draftOfSchedule(schedule: Schedule, interval: number): ScheduleDraft {
  const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
  const draft: ScheduleDraft = { kind: 'manual', intervalMinutes: interval, cron: '', timeZone: zone };
  if (schedule === null || schedule === undefined) return draft;
  if ('cron' in schedule) return { ...draft, kind: 'cron', cron: schedule.cron, timeZone: schedule.timeZone ?? '' };
  return { ...draft, kind: 'interval', intervalMinutes: schedule.intervalMinutes };
}

export function checkConnectionDraft(draft: ConnectionDraft): FieldError[] {
  const errors: FieldError[] = [];
  const { schedule } = draft;
  if (draft.name.trim() === '') errors.push({ path: '/name', message: 'Give it a name.' });
  if (schedule.kind === 'interval' && (schedule.intervalMinutes === '' || schedule.intervalMinutes < 1)) {
    errors.push({ path: '/schedule/intervalMinutes', message: 'Enter a number of minutes, 1 or more.' });
  }
  if (schedule.kind === 'cron' && schedule.cron.trim() === '') {
    errors.push({ path: '/schedule/cron', message: 'Enter a cron expression.' });
  }
  return errors;
}

/** The body that creates the draft. */
export function bodyOfConnection(draft: ConnectionDraft): JsonObject {
  const description = draft.description.trim();
  return {
    name: draft.name.trim(),
    ...(description === '' ? {} : { description }),
    enabled: draft.enabled,
    schedule: bodyOfSchedule(draft.schedule),
    tags: draft.tags,
  };
}

/** The merge patch that turns `before` into `after`. Another kind of schedule removes the keys of the old one. */
export function patchOfConnection(before: ConnectionDraft, after: ConnectionDraft): JsonObject {
  const old = bodyOfConnection(before);
  const now = bodyOfConnection(after);
  const patch = mergePatch(old, now);
  // Merge patch cannot tell "null because manual" from "removed": say it outright.
  if (now['schedule'] === null && !sameJson(old['schedule'], null)) patch['schedule'] = null;
  return patch;
}

/** A draft whose untouched parts follow from one stored state to the next; what was edited stays as edited. */
export function followStored(draft: ConnectionDraft, from: ConnectionDraft, to: ConnectionDraft): ConnectionDraft {
  const untouched = (key: keyof ConnectionDraft) => JSON.stringify(draft[key]) === JSON.stringify(from[key]);
  return {
    name: untouched('name') ? to.name : draft.name,
    description: untouched('description') ? to.description : draft.description,
    enabled: untouched('enabled') ? to.enabled : draft.enabled,
    schedule: untouched('schedule') ? to.schedule : draft.schedule,
    tags: untouched('tags') ? to.tags : draft.tags,
  };
}

function bodyOfSchedule(schedule: ScheduleDraft): JsonObject | null {
  if (schedule.kind === 'manual') return null;
  if (schedule.kind === 'interval') return { intervalMinutes: Number(schedule.intervalMinutes) };
  const timeZone = schedule.timeZone.trim();
  return { cron: schedule.cron.trim(), ...(timeZone === '' ? {} : { timeZone }) };
}
