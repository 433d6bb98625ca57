import { ConnectorError, type IdentifiedWebhook, type JsonObject, type WebhookIntake } from '@syncline/connector-sdk';
import { verifyGitLabWebhook, webhookDedupKey } from '@syncline/gitlab';
import { patternsOf, type AzureDevOpsConfig } from './config.js';
import { selectRefs } from './refs/ref-patterns.js';

/** What a delivery names: a ref that has moved, or why it names none. */
type Named = { readonly ref: string } | { readonly reason: string };

/**
 * GitLab's push, tag push and merge request hooks as wake-up calls. The refs themselves are asked for: a hook comes late,
 * twice or never, and a push of more than three refs sends none at all.
 */
export const webhook: WebhookIntake<AzureDevOpsConfig> = {
  verify: (request, { webhookSecret, signingToken }, now) =>
    verifyGitLabWebhook(request, { webhookSecret, signingToken }, now),

  identify(request, config): IdentifiedWebhook {
    const body = parseBody(request.rawBody);
    const kind = textOf(body['object_kind']) ?? '';
    const project = objectOf(body['project']);
    const scope = textOf(project['id']) ?? textOf(body['project_id']);
    const scopePath = textOf(project['path_with_namespace']);
    const named = nameOf(kind, body, config);
    const base = {
      event: request.headers['x-gitlab-event'] ?? kind,
      dedupKey: webhookDedupKey(request),
      transitions: [],
      payload: keptPayload(body),
      ...(scope === undefined ? {} : { scope }),
      ...(scopePath === undefined ? {} : { scopePath }),
    };
    const reason = 'reason' in named ? named.reason : refusal(scope, config);
    if (reason !== undefined || scope === undefined || 'reason' in named) {
      return { ...base, wakes: [], reason: reason ?? 'The payload names no project' };
    }
    return { ...base, wakes: [{ stream: 'refs', scope, item: named.ref }] };
  },
};

function nameOf(kind: string, body: JsonObject, config: AzureDevOpsConfig): Named {
  const named = refOf(kind, body, config);
  if ('reason' in named) return named;
  if (selectRefs(patternsOf(config))(named.ref)) return named;
  return { reason: `The config does not carry ${named.ref.slice(0, 200)}` };
}

function refOf(kind: string, body: JsonObject, { onMergeRequest = true }: AzureDevOpsConfig): Named {
  switch (kind) {
    case 'push':
    case 'tag_push': {
      const ref = textOf(body['ref']);
      return ref === undefined ? { reason: 'The payload names no ref' } : { ref };
    }
    case 'merge_request': {
      const { action, target_branch: target } = objectOf(body['object_attributes']);
      if (!onMergeRequest) return { reason: 'The config does not react to merge requests' };
      if (action !== 'merge') return { reason: 'Nothing was merged' };
      const branch = textOf(target);
      return branch === undefined ? { reason: 'The payload names no branch' } : { ref: `refs/heads/${branch}` };
    }
    case '':
      return { reason: 'The payload names no kind of object' };
    default:
      return { reason: `Nothing is carried for ${kind.slice(0, 100)}` };
  }
}

/**
 * Why a hook of this project is none of ours. Only ids can tell: a project with another path than the config names may
 * have been renamed or moved since, and the woken run knows the id that the path stood for.
 */
function refusal(scope: string | undefined, { gitlab }: AzureDevOpsConfig): string | undefined {
  const wanted = String(gitlab.project);
  if (scope === undefined || !/^\d+$/.test(wanted) || wanted === scope) return undefined;
  return 'The delivery is about another project';
}

/** What may be kept: names and shas. Commit messages, addresses and variables stay out. */
function keptPayload(body: JsonObject): JsonObject {
  const kept = (from: JsonObject, names: readonly string[]): JsonObject =>
    Object.fromEntries(
      names.flatMap((name) => {
        const value = from[name];
        const isPlain = typeof value === 'number' || (typeof value === 'string' && value.length <= 500);
        return isPlain ? [[name, value] as const] : [];
      }),
    );
  return {
    ...kept(body, ['object_kind', 'ref', 'before', 'after', 'project_id', 'user_username', 'total_commits_count']),
    project: kept(objectOf(body['project']), ['id', 'path_with_namespace', 'web_url']),
    object_attributes: kept(objectOf(body['object_attributes']), [
      'id',
      'iid',
      'action',
      'target_branch',
      'merge_commit_sha',
    ]),
  };
}

function objectOf(value: unknown): JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as JsonObject) : {};
}

function textOf(value: unknown): string | undefined {
  if (typeof value === 'number') return String(value);
  return typeof value === 'string' && value !== '' ? value : undefined;
}

function parseBody(rawBody: Uint8Array): JsonObject {
  let body: unknown;
  try {
    body = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(rawBody));
  } catch (cause) {
    throw new ConnectorError('permanent', 'The delivery is not JSON', { cause });
  }
  if (typeof body === 'object' && body !== null && !Array.isArray(body)) return body as JsonObject;
  throw new ConnectorError('permanent', 'The delivery is not a JSON object');
}
