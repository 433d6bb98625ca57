import { RefNames } from './name-clash.js';

/** What becomes of one ref. Everything but the first group is left as it is in Azure DevOps. */
export type RefOutcome =
  | 'created'
  | 'updated'
  | 'forced'
  | 'deleted'
  /** Both sides have the same object. */
  | 'same'
  /** Deleted in GitLab and left in Azure DevOps, as the settings say. */
  | 'kept'
  /** Gone on both sides. */
  | 'gone'
  /** Azure DevOps has something that GitLab has not; nothing is overwritten. */
  | 'diverged'
  /** GitLab's history was rewritten, and the settings do not let it be rewritten in Azure DevOps. */
  | 'rewritten'
  /** The name cannot exist beside another one. */
  | 'name_clash'
  /** Refused by the server: its reason is in `reason`. */
  | 'refused'
  /** Refused by us before the push, e.g. for large files that cannot be carried. */
  | 'withheld';

/** What we know of a ref from earlier runs: what we pushed, and what we were about to push when a run ended. */
export interface KnownRef {
  readonly pushed?: string;
  readonly intended?: string;
}

/** A ref of GitLab and its name in Azure DevOps: the same but for manual runs. */
export interface WantedRef {
  readonly source: string;
  readonly target: string;
  readonly sha: string;
}

export interface RefPlanInput {
  readonly wanted: readonly WantedRef[];
  /** Refs of Azure DevOps in scope, sha by full name. */
  readonly target: ReadonlyMap<string, string>;
  /** By name in Azure DevOps. */
  readonly known: ReadonlyMap<string, KnownRef>;
  readonly deletions: 'keep' | 'mirror';
  readonly divergence: 'stop' | 'force-with-lease';
  /** Its deletion is refused by Azure DevOps. */
  readonly defaultBranch?: string;
  /** All refs GitLab has, by their name in Azure DevOps: what is there is not deleted, selected or not. */
  readonly existing: ReadonlySet<string>;
}

/** Changes one ref in Azure DevOps, if it still is what it was: `lease` undefined means that it must not exist. */
export interface RefOperation {
  readonly kind: 'create' | 'fast-forward' | 'force' | 'delete';
  readonly source?: string;
  readonly target: string;
  readonly sha?: string;
  readonly lease: string | undefined;
}

/** A ref that is left alone, and why. */
export interface RefVerdict {
  readonly outcome: RefOutcome;
  readonly source?: string;
  readonly target: string;
  readonly left?: string;
  readonly right?: string;
  readonly reason?: string;
}

export interface RefPlan {
  readonly operations: readonly RefOperation[];
  readonly verdicts: readonly RefVerdict[];
}

/** Whether `older` is in the history of `newer`. */
export type IsAncestor = (older: string, newer: string) => boolean;

/** The pairs `planRefs` will ask about, so that one look into the objects answers all of them. */
export function ancestryNeeded(input: RefPlanInput): readonly { readonly older: string; readonly newer: string }[] {
  const pairs: { older: string; newer: string }[] = [];
  for (const { target, sha } of input.wanted) {
    const right = input.target.get(target);
    if (right !== undefined && right !== sha && isBranch(target)) pairs.push({ older: right, newer: sha });
  }
  return pairs;
}

/**
 * Compares what GitLab has, what Azure DevOps has and what we pushed last, ref by ref. Pure. An object in Azure DevOps is
 * never given up unless it is in the history of what replaces it, or it is what we ourselves put there.
 */
export function planRefs(input: RefPlanInput, isAncestor: IsAncestor): RefPlan {
  const operations: RefOperation[] = [];
  const verdicts: RefVerdict[] = [];
  const names = new RefNames(input.target.keys());
  const done = new Set<string>();
  for (const wanted of inOrder(input)) {
    if (done.has(wanted.target)) continue;
    done.add(wanted.target);
    const { source, target, sha: left } = wanted;
    const right = input.target.get(target);
    if (right === undefined) {
      const clash = names.clashOf(target);
      if (clash !== undefined) {
        const reason = `Azure DevOps cannot have ${shortRef(target)} beside ${shortRef(clash)}`;
        verdicts.push({ outcome: 'name_clash', source, target, left, reason });
        continue;
      }
      names.add(target);
      operations.push({ kind: 'create', source, target, sha: left, lease: undefined });
    } else if (right === left) verdicts.push({ outcome: 'same', source, target, left, right });
    else {
      const decided = change(input, wanted, right, isAncestor);
      if ('outcome' in decided) verdicts.push(decided);
      else operations.push(decided);
    }
  }
  for (const decided of disappeared(input, done)) {
    if ('outcome' in decided) verdicts.push(decided);
    else operations.push(decided);
  }
  return { operations, verdicts };
}

/** A ref that both sides have, differently. */
function change(
  input: RefPlanInput,
  { source, target, sha: left }: WantedRef,
  right: string,
  isAncestor: IsAncestor,
): RefOperation | RefVerdict {
  // A tag does not move forward: whatever it pointed at, somebody relies on it.
  if (isBranch(target) && isAncestor(right, left)) {
    return { kind: 'fast-forward', source, target, sha: left, lease: right };
  }
  if (!isOurs(input.known.get(target), right)) {
    return { outcome: 'diverged', source, target, left, right, reason: 'Azure DevOps has changes that GitLab has not' };
  }
  if (input.divergence === 'force-with-lease') return { kind: 'force', source, target, sha: left, lease: right };
  const reason = isBranch(target)
    ? "GitLab's history was rewritten; the connection does not rewrite it in Azure DevOps"
    : 'The tag was moved in GitLab; the connection does not move it in Azure DevOps';
  return { outcome: 'rewritten', source, target, left, right, reason };
}

/** Refs that we pushed and that GitLab has no more. What others made in Azure DevOps is none of our business. */
function disappeared(input: RefPlanInput, done: ReadonlySet<string>): (RefOperation | RefVerdict)[] {
  const found: (RefOperation | RefVerdict)[] = [];
  for (const [target, known] of input.known) {
    if (done.has(target) || input.existing.has(target) || (known.pushed ?? known.intended) === undefined) continue;
    const right = input.target.get(target);
    if (right === undefined) found.push({ outcome: 'gone', target });
    else if (input.deletions === 'keep') found.push({ outcome: 'kept', target, right });
    else if (!isOurs(known, right)) {
      const reason = 'Deleted in GitLab, but Azure DevOps has changes that GitLab never had';
      found.push({ outcome: 'diverged', target, right, reason });
    } else if (target === input.defaultBranch) {
      const reason = 'The default branch of the repository in Azure DevOps cannot be deleted';
      found.push({ outcome: 'refused', target, right, reason });
    } else found.push({ kind: 'delete', target, lease: right });
  }
  return found;
}

/** Those that exist in Azure DevOps first, then those we have pushed before: the newcomer yields where names clash. */
function inOrder({ wanted, target, known }: RefPlanInput): readonly WantedRef[] {
  const rank = (ref: WantedRef): number => (target.has(ref.target) ? 0 : known.has(ref.target) ? 1 : 2);
  return [...wanted].sort((a, b) => rank(a) - rank(b) || (a.target < b.target ? -1 : a.target > b.target ? 1 : 0));
}

/** An intended sha counts: the run that meant to push it ended before it could say so. */
function isOurs(known: KnownRef | undefined, right: string): boolean {
  return known !== undefined && (known.pushed === right || known.intended === right);
}

function isBranch(ref: string): boolean {
  return ref.startsWith('refs/heads/');
}

/** `main` of `refs/heads/main`, as people say it. */
export function shortRef(ref: string): string {
  return ref.replace(/^refs\/(?:heads|tags)\//, '');
}
