import { zeroSha } from '../../git-server/bare-repository.js';
import type { RefUpdate } from '../../git-server/receive-pack.js';
import type { AzureUser } from '../model/identity.js';
import type { AzureRepository } from '../model/repository.js';
import type { AzureWorld } from './azure-world.js';

/** What happens after refs have changed: the push is noted, the first branch becomes the default, pipelines start. */
export async function afterPush(
  world: AzureWorld,
  repository: AzureRepository,
  by: AzureUser,
  updates: readonly RefUpdate[],
): Promise<void> {
  if (updates.length === 0) return;
  repository.pushes.push({ pushId: world.nextId('push'), date: world.now(), by, updates });
  for (const { ref, before, after } of updates) {
    if (!ref.startsWith('refs/heads/')) continue;
    if (after === zeroSha) {
      repository.branchCreators.delete(ref);
      continue;
    }
    if (before === zeroSha) repository.branchCreators.set(ref, by);
    if (repository.defaultBranch === undefined) {
      repository.defaultBranch = ref;
      await repository.git.setDefaultBranch(ref.slice('refs/heads/'.length));
    }
    // A look at each of a thousand branches would cost more than the push.
    if (repository.project.definitions.size === 0) continue;
    const message = await repository.git.git(['log', '-1', '--format=%B', after]);
    world.builds.triggered(repository, { branch: ref, sha: after, message, by });
  }
}
