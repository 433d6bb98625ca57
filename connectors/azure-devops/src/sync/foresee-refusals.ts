import { ConnectorError } from '@syncline/connector-sdk';
import type { AzureClient } from '../azure/azure-client.js';
import type { AzureRepositoryRecord } from '../azure/azure-repository.js';
import { branchesByPullRequest } from '../check-azure-rights.js';
import { shortRef, type RefOperation, type RefVerdict } from '../refs/ref-plan.js';

/**
 * Changes that a branch policy would refuse. Azure DevOps does not tell everything beforehand: sizes, secrets in commits
 * and locks are found out by the push itself.
 */
export async function foreseeRefusals(
  client: AzureClient,
  repository: AzureRepositoryRecord,
  operations: readonly RefOperation[],
): Promise<readonly RefVerdict[]> {
  if (repository.id === '' || operations.length === 0) return [];
  const guarded: (branch: string) => boolean = await askOr(
    (): boolean => false,
    branchesByPullRequest(client, repository),
  );
  return operations.flatMap(({ kind, source, target, sha, lease }): RefVerdict[] => {
    if (kind === 'create' || !target.startsWith('refs/heads/') || !guarded(shortRef(target))) return [];
    const reason = 'A branch policy allows changes by pull request only';
    return [{ outcome: 'refused', source, target, left: sha, right: lease, reason }];
  });
}

/** A token may be allowed to push and not to ask. */
async function askOr<T>(otherwise: T, answer: Promise<T>): Promise<T> {
  try {
    return await answer;
  } catch (error) {
    const failure = ConnectorError.from(error);
    if (failure.kind === 'interrupted') throw failure;
    return otherwise;
  }
}
