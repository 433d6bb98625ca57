import type { Hook, HookEvent } from '../model/hook.js';
import type { AlertStatus } from '../webhooks/hook-health.js';
import { isoTime, isoTimeOrNull } from './site.js';

/** Secrets never come back; only whether they are there. */
export function hookEntity(hook: Hook, alertStatus: AlertStatus) {
  return {
    id: hook.id,
    url: hook.url,
    name: hook.name,
    description: hook.description,
    created_at: isoTime(hook.createdAt),
    ...hook.flags,
    repository_update_events: false,
    enable_ssl_verification: hook.enableSslVerification,
    alert_status: alertStatus,
    disabled_until: isoTimeOrNull(hook.disabledUntil),
    url_variables: [],
    project_id: hook.projectId,
    push_events_branch_filter: hook.pushEventsBranchFilter,
    branch_filter_strategy: 'wildcard',
    custom_webhook_template: null,
    custom_headers: [],
    token_present: hook.token !== null,
    signing_token_present: hook.signingToken !== null,
  };
}

export function hookEventEntity(event: HookEvent) {
  const data: unknown = JSON.parse(event.body);
  return {
    id: event.id,
    url: event.url,
    trigger: event.trigger.replace(/_events$/, '_hooks'),
    request_headers: {
      ...event.requestHeaders,
      ...('X-Gitlab-Token' in event.requestHeaders ? { 'X-Gitlab-Token': '[REDACTED]' } : {}),
    },
    request_data: data,
    response_headers: {},
    response_body: '',
    execution_duration: event.executionDuration,
    response_status: event.responseStatus,
  };
}
