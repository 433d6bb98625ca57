import { zeroSha } from '../../git-server/bare-repository.js';
import type { RefDecision, RefUpdate } from '../../git-server/receive-pack.js';
import type { AzureUser } from '../model/identity.js';
import type { AzureRepository, BranchPolicy } from '../model/repository.js';

/** Namespaces that belong to the server. */
export const serverRefs = ['refs/pull', 'refs/internal'];

/**
 * What Azure Repos says to each ref of a push. The wording follows the messages people see from git; the numbers are
 * those of Microsoft's documentation.
 */
export function decidePush(
  repository: AzureRepository,
  user: AzureUser,
  updates: readonly RefUpdate[],
  refs: ReadonlyMap<string, string>,
): Map<string, RefDecision> {
  const decisions = new Map<string, RefDecision>();
  const names = new Set(refs.keys());
  for (const update of updates) {
    const decision = decide(repository, user, update, names);
    if (decision !== undefined) decisions.set(update.ref, decision);
    else if (update.after === zeroSha) names.delete(update.ref);
    else names.add(update.ref);
  }
  return decisions;
}

function decide(
  repository: AzureRepository,
  user: AzureUser,
  { ref, before, after }: RefUpdate,
  names: ReadonlySet<string>,
): RefDecision | undefined {
  const may = user.permissions;
  if (!may.has('contribute')) return { deny: lacking(user, 'GenericContribute', repository) };
  const isTag = ref.startsWith('refs/tags/');
  if (before === zeroSha) {
    if (isTag && !may.has('createTag')) return { deny: lacking(user, 'CreateTag', repository) };
    if (ref.startsWith('refs/heads/') && !may.has('createBranch')) {
      return { deny: lacking(user, 'CreateBranch', repository) };
    }
    const clash = clashOf(ref, names);
    if (clash !== undefined) {
      return { deny: `VS403702: the name ${short(ref)} conflicts with the existing ref ${short(clash)}` };
    }
  }
  if (after === zeroSha && ref === repository.defaultBranch) {
    return { deny: 'TF401027: the default branch of a repository cannot be deleted' };
  }
  const policy = repository.policies.find((one) => covers(one, ref));
  if (policy?.kind === 'locked') return { deny: `TF402455: the branch ${short(ref)} is locked` };
  if (policy !== undefined && before !== zeroSha && !may.has('policyExempt')) {
    return {
      deny: 'TF402455: Pushes to this branch are not permitted; you must use a pull request to update this branch.',
    };
  }
  const isOwn = repository.branchCreators.get(ref)?.id === user.id;
  if (before === zeroSha || may.has('forcePush') || isOwn) return undefined;
  return { denyForced: lacking(user, 'ForcePush', repository) };
}

/** Names that differ in case only, and names where one is a folder of the other; both are refused. */
function clashOf(ref: string, names: ReadonlySet<string>): string | undefined {
  const wanted = ref.toLowerCase();
  for (const name of names) {
    const known = name.toLowerCase();
    if (name !== ref && (known === wanted || known.startsWith(`${wanted}/`) || wanted.startsWith(`${known}/`)))
      return name;
    if (sharesFolderInOtherCase(ref, name)) return name;
  }
  return undefined;
}

/** `Feature/a` beside `feature/b`. */
function sharesFolderInOtherCase(left: string, right: string): boolean {
  const [mine, theirs] = [left.split('/').slice(0, -1), right.split('/').slice(0, -1)];
  for (const [index, part] of mine.entries()) {
    const other = theirs[index];
    if (other === undefined || part.toLowerCase() !== other.toLowerCase()) return false;
    if (part !== other) return true;
  }
  return false;
}

function covers(policy: BranchPolicy, ref: string): boolean {
  const branch = ref.replace(/^refs\/heads\//, '');
  return policy.branch.endsWith('/') ? branch.startsWith(policy.branch) : branch === policy.branch;
}

function lacking(user: AzureUser, permission: string, repository: AzureRepository): string {
  return `TF401027: You need the Git '${permission}' permission to perform this action. Details: identity '${user.displayName}', scope 'repository' (${repository.name}).`;
}

function short(ref: string): string {
  return ref.replace(/^refs\/(?:heads|tags)\//, '');
}
