import { zeroSha } from '../../git-server/bare-repository.js';
import type { RefUpdate } from '../../git-server/receive-pack.js';
import type { Reply } from '../../gitlab-simulator/http/reply.js';
import type { AzureCall } from '../http/azure-call.js';
import { azureError, collectionReply } from '../http/azure-reply.js';
import { decidePush } from '../world/push-rules.js';
import { afterPush } from '../world/pushes.js';

/** `POST refs`: 200 even where single refs fail; each says how it went. */
export async function updateRefs(call: AzureCall): Promise<Reply> {
  const repository = call.repository();
  const updates = parseUpdates(call.body);
  const results: object[] = [];
  for (const update of updates) {
    const refs = await repository.git.refs();
    const { ref, before, after } = update;
    const current = refs.get(ref) ?? zeroSha;
    const decision = decidePush(repository, call.token.user, [update], refs).get(ref);
    const forced =
      decision !== undefined &&
      'denyForced' in decision &&
      (after === zeroSha || !(await repository.git.isAncestor(before, after)));
    const updateStatus =
      current !== before
        ? 'staleOldObjectId'
        : after !== zeroSha && (await repository.git.ref(after)) === undefined
          ? 'unresolvableToCommit'
          : decision !== undefined && 'deny' in decision
            ? statusOf(decision.deny)
            : forced
              ? 'forcePushRequired'
              : 'succeeded';
    const success = updateStatus === 'succeeded';
    if (success) {
      await repository.git.setRef(ref, after === zeroSha ? undefined : after);
      await afterPush(call.world, repository, call.token.user, [update]);
    }
    results.push({
      repositoryId: repository.id,
      name: ref,
      oldObjectId: before,
      newObjectId: after,
      success,
      updateStatus,
      ...(decision !== undefined && 'deny' in decision && !success ? { customMessage: decision.deny } : {}),
    });
  }
  return collectionReply(results);
}

function statusOf(message: string): string {
  if (message.startsWith('TF402455')) return message.includes('locked') ? 'locked' : 'rejectedByPolicy';
  if (message.startsWith('VS403702')) return 'refNameConflict';
  if (message.includes('CreateBranch')) return 'createBranchPermissionRequired';
  if (message.includes('CreateTag')) return 'createTagPermissionRequired';
  return 'writePermissionRequired';
}

function parseUpdates(body: unknown): RefUpdate[] {
  if (!Array.isArray(body)) {
    throw azureError(400, 'VssPropertyValidationException', 'TF400898: a list of ref updates is needed.');
  }
  return body.map((one: unknown) => {
    const fields: Partial<Record<string, unknown>> = typeof one === 'object' && one !== null ? { ...one } : {};
    const { name, oldObjectId, newObjectId } = fields;
    if (typeof name !== 'string' || typeof oldObjectId !== 'string' || typeof newObjectId !== 'string') {
      throw azureError(400, 'VssPropertyValidationException', 'TF400898: a ref update needs name and both object ids.');
    }
    return { ref: name, before: oldObjectId, after: newObjectId };
  });
}
