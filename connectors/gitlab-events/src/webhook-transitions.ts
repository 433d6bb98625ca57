import type { IdentifiedWebhook, JsonObject } from '@syncline/connector-sdk';
import { parseWebhookTime } from '@syncline/gitlab';
import { eventIds } from './mapping/event-ids.js';
import { hasEnded } from './mapping/pipeline.js';

type Proven = IdentifiedWebhook['transitions'];

/**
 * Transitions a payload proves: a pipeline that ended, a deployment that changed. They matter where the object has moved on
 * before it is read, e.g. a failed pipeline that somebody retried at once.
 *
 * Only times with fractions of a second count. Most payloads tell whole seconds, where the API tells the same moment in
 * milliseconds: both would be kept as two transitions. What is lost by that is only what happened between the delivery
 * and the read it wakes.
 */
export function provenTransitions(kind: string, body: JsonObject, projectId: number): Proven {
  const attributes = body['object_attributes'];
  if (kind === 'pipeline' && isObject(attributes)) {
    const { id, status, finished_at: finishedAt } = attributes;
    if (typeof status !== 'string' || !hasEnded(status)) return [];
    return proven(eventIds.pipeline(projectId, Number(id)), status, finishedAt);
  }
  if (kind === 'deployment' && typeof body['status'] === 'string') {
    return proven(
      eventIds.deployment(projectId, Number(body['deployment_id'])),
      body['status'],
      body['status_changed_at'],
    );
  }
  return [];
}

function proven(eventId: string, status: string, time: unknown): Proven {
  const at = typeof time === 'string' && /:\d{2}\.\d+/.test(time) ? parseWebhookTime(time) : undefined;
  return at === undefined ? [] : [{ eventId, transition: { status, at } }];
}

function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
