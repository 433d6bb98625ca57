import type { Hook } from '../model/hook.js';

/** More consecutive failures than this switch a hook off for a while. */
const tolerated = 3;
/** This many switch it off for good. */
const permanent = 40;
const firstPauseMs = 60_000;
const longestPauseMs = 24 * 3_600_000;

export type AlertStatus = 'executable' | 'temporarily_disabled' | 'disabled';

/** Source: app/models/concerns/web_hooks/auto_disabling.rb */
export function alertStatus(hook: Hook, now: number): AlertStatus {
  if (hook.failures >= permanent) return 'disabled';
  return hook.disabledUntil !== null && hook.disabledUntil > now ? 'temporarily_disabled' : 'executable';
}

/** One success forgives everything; each failure past the tolerated ones doubles the pause. */
export function recordOutcome(hook: Hook, succeeded: boolean, now: number): void {
  if (succeeded) {
    hook.failures = 0;
    hook.disabledUntil = null;
    return;
  }
  hook.failures += 1;
  if (hook.failures <= tolerated) return;
  hook.disabledUntil = now + Math.min(longestPauseMs, firstPauseMs * 2 ** (hook.failures - tolerated - 1));
}
