import type { IdentifiedWebhook, JsonObject } from '@syncline/connector-sdk';
import { parseWebhookTime } from '@syncline/gitlab';
import { eventIds } from './mapping/event-ids.js';
import { hasEnded } from './mapping/pipeline.js';

type Proven = IdentifiedWebhook['transitions'];

/**
 * Transitions a payload proves: a pipeline that ended, a deployment that changed. They matter where the object has moved on
 * before it is read, e.g. a failed pipeline that somebody retried at once. In whole seconds, as events have all times: the
 * same moment told by the API is the same transition.
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
  const ms = parseWebhookTime(time)?.getTime();
  if (ms === undefined) return [];
  return [{ eventId, transition: { status, at: new Date(Math.floor(ms / 1000) * 1000) } }];
}

function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
