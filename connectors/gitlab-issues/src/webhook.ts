import type { JsonObject, Wake, WebhookIntake } from '@syncline/connector-sdk';
import { parseWebhookBody, payloadObject, payloadText, verifyGitLabWebhook, webhookDedupKey } from '@syncline/gitlab';
import type { GitLabIssuesConfig, SideConfig } from './config.js';

/** The one stream that is woken; its scope is a project's numeric id. */
export const issueStream = 'issues';

/**
 * GitLab's webhooks as wake-up calls: the named issue is read, compared and dealt with, whatever the payload says. Our
 * own writes come back as deliveries, too. They are not told apart by their account, which people and other connections
 * may use: the issue is read once (a hundred named ones in one request), is as we left it, and that is the end of it.
 */
export const webhook: WebhookIntake<GitLabIssuesConfig> = {
  verify: (request, { webhookSecret, signingToken }, now) =>
    verifyGitLabWebhook(request, { webhookSecret, signingToken }, now),

  identify(request, config) {
    const body = parseWebhookBody(request.rawBody);
    const kind = payloadText(body['object_kind']) ?? '';
    const project = payloadObject(body['project']);
    const scope = payloadText(project['id']) ?? payloadText(body['project_id']);
    const scopePath = payloadText(project['path_with_namespace']);
    const base = {
      event: request.headers['x-gitlab-event'] ?? kind,
      dedupKey: webhookDedupKey(request),
      scope,
      scopePath,
      transitions: [],
      payload: keptPayload(body),
    };
    const { item, reason } = namedIssue(kind, body);
    if (item === undefined || scope === undefined) {
      return { ...base, wakes: [], reason: reason ?? 'The payload names no project' };
    }
    if (![config.source, config.target].some((side) => mayBe(side, scope))) {
      return { ...base, wakes: [], reason: 'This connection does not sync this project' };
    }
    const wake: Wake = { stream: issueStream, scope, item };
    return { ...base, wakes: [wake] };
  },
};

const attributesKept = ['id', 'iid', 'action', 'state', 'confidential', 'internal', 'noteable_type', 'updated_at'];

interface Named {
  /** The number of the issue. */
  readonly item?: string;
  /** Why nothing is to be read. */
  readonly reason?: string;
}

/** Confidential ones have the same kinds as the others; work items are what newer versions call issues. */
function namedIssue(kind: string, body: JsonObject): Named {
  const attributes = payloadObject(body['object_attributes']);
  if (kind === 'issue' || kind === 'work_item') return numbered(attributes['iid']);
  if (kind === 'note') {
    const on = payloadText(attributes['noteable_type']);
    if (on !== 'Issue' && on !== 'WorkItem') return { reason: `Comments on ${on ?? 'nothing'} are not synced` };
    return numbered(payloadObject(body['issue'] ?? body['work_item'])['iid']);
  }
  return { reason: kind === '' ? 'The payload names no kind of object' : `Nothing is read for ${kind}` };
}

function numbered(iid: unknown): Named {
  const item = payloadText(iid);
  return item !== undefined && /^[1-9]\d{0,15}$/.test(item) ? { item } : { reason: 'The payload names no issue' };
}

/** Which issue, by whom and when; never its texts, which may be confidential. */
function keptPayload(body: JsonObject): JsonObject {
  const pick = (from: unknown, names: readonly string[]): JsonObject => {
    const entries = Object.entries(payloadObject(from)).filter(([name]) => names.includes(name));
    return Object.fromEntries(entries.filter(([, value]) => typeof value !== 'string' || value.length <= 300));
  };
  return {
    ...pick(body, ['object_kind', 'event_type']),
    user: pick(body['user'], ['id', 'username']),
    project: pick(body['project'], ['id', 'path_with_namespace']),
    object_attributes: pick(body['object_attributes'], attributesKept),
    ...(body['issue'] === undefined ? {} : { issue: pick(body['issue'], ['iid']) }),
  };
}

/** Only ids can tell that a project is another: a path may have been renamed since. */
function mayBe({ project }: SideConfig, scope: string): boolean {
  const name = String(project).trim();
  return !/^\d+$/.test(name) || name === scope;
}
