import type { JsonObject, Wake, WebhookIntake } from '@syncline/connector-sdk';
import { parseWebhookBody, payloadObject, payloadText, verifyGitLabWebhook, webhookDedupKey } from '@syncline/gitlab';
import { readSettings, type EventTypeName, type GitLabEventsConfig, type Settings } from './config.js';
import { keptPayload } from './webhook-payload.js';
import { provenTransitions } from './webhook-transitions.js';

/** What one kind of delivery says, before the config has its say. */
interface Named {
  readonly eventType: EventTypeName;
  readonly stream: string;
  readonly item: string | undefined;
  /** Why nothing is to be read, where that is so. */
  readonly ignore?: string;
}

const deletedSha = /^0+$/;

/** By `object_kind`: system hooks carry other event headers than project hooks. */
const readers: Readonly<Record<string, (body: JsonObject) => Named>> = {
  push: (body) => {
    const branch = refOf(body, 'refs/heads/');
    const ignore = isDeletion(body) ? 'The branch was deleted' : undefined;
    return { eventType: 'commit', stream: 'commits', item: branch, ignore };
  },
  tag_push: (body) => {
    const ignore = isDeletion(body) ? 'The tag was deleted' : undefined;
    return { eventType: 'release', stream: 'releases', item: refOf(body, 'refs/tags/'), ignore };
  },
  merge_request: (body) => named('merge_request', 'merge_requests', attributesOf(body)['iid']),
  pipeline: (body) => named('pipeline', 'pipelines', attributesOf(body)['id']),
  build: (body) => named('pipeline', 'pipelines', body['pipeline_id']),
  release: (body) => {
    const ignore = body['action'] === 'delete' ? 'The release was deleted' : undefined;
    return { ...named('release', 'releases', body['tag']), ignore };
  },
  deployment: (body) => named('deployment', 'deployments', body['deployment_id']),
};

/**
 * GitLab's webhooks as wake-up calls. They come late, twice, out of order or never, so nothing is stored from them but
 * transitions whose time is as exact as the API's; the objects themselves are read.
 */
export const webhook: WebhookIntake<GitLabEventsConfig> = {
  verify: (request, { webhookSecret, signingToken }, now) =>
    verifyGitLabWebhook(request, { webhookSecret, signingToken }, now),

  identify(request, config) {
    const body = parseWebhookBody(request.rawBody);
    const kind = payloadText(body['object_kind']) ?? '';
    const event = request.headers['x-gitlab-event'] ?? kind;
    const { scope, scopePath } = projectOf(body);
    const secrets = [config.webhookSecret, config.signingToken, config.instance.credentials.token];
    const base = {
      event,
      dedupKey: webhookDedupKey(request),
      scope,
      scopePath,
      payload: keptPayload(body, secrets),
    };
    const ignored = (reason: string): ReturnType<typeof webhook.identify> => ({
      ...base,
      wakes: [],
      transitions: [],
      reason,
    });
    const read = Object.hasOwn(readers, kind) ? readers[kind] : undefined;
    if (read === undefined)
      return ignored(kind === '' ? 'The payload names no kind of object' : `Nothing is read for ${kind}`);
    const found = read(body);
    const settings = readSettings(config);
    const reason = found.ignore ?? refusal(found, { scope }, settings);
    if (reason !== undefined || scope === undefined) return ignored(reason ?? 'The payload names no project');
    const wake: Wake = { stream: found.stream, scope, item: found.item };
    return { ...base, wakes: [wake], transitions: provenTransitions(kind, body, Number(scope)) };
  },
};

/** Why this config has no use for the delivery; undefined where it has. */
function refusal(
  { eventType, item }: Named,
  project: { readonly scope?: string },
  settings: Settings,
): string | undefined {
  if (item === undefined) return 'The payload names no object';
  if (!settings.eventTypes.has(eventType)) return `The config does not read ${eventType} events`;
  if (eventType === 'commit' && !settings.branches.includes(item)) return `The config does not read the branch ${item}`;
  return maySelect(project, settings) ? undefined : 'The config does not read this project';
}

/**
 * Only ids can tell that a project is not selected. Without names anything may be, and a project whose path no name leads
 * to may have been renamed or moved since: the woken read remembers which ids the names stand for.
 */
function maySelect({ scope }: { scope?: string }, { projects, groups }: Settings): boolean {
  if (groups.length > 0 || projects.length === 0) return true;
  return projects.some((project) => !isId(project) || project === scope);
}

function isId(name: string): boolean {
  return /^\d+$/.test(name);
}

function projectOf(body: JsonObject): { readonly scope?: string; readonly scopePath?: string } {
  const project = payloadObject(body['project']);
  return {
    scope: payloadText(project['id']) ?? payloadText(body['project_id']),
    scopePath: payloadText(project['path_with_namespace']),
  };
}

function named(eventType: EventTypeName, stream: string, item: unknown): Named {
  return { eventType, stream, item: payloadText(item) };
}

function refOf(body: JsonObject, prefix: string): string | undefined {
  const ref = payloadText(body['ref']);
  return ref?.startsWith(prefix) === true ? ref.slice(prefix.length) : undefined;
}

function isDeletion(body: JsonObject): boolean {
  return deletedSha.test(payloadText(body['after']) ?? '');
}

function attributesOf(body: JsonObject): JsonObject {
  return payloadObject(body['object_attributes']);
}
