/** Which refs a connection carries. Patterns are names with `*` (anything, slashes too) and `?`; `!` in front excludes. */
export interface RefPatterns {
  /** Default: all. An empty list: none. */
  readonly branches?: readonly string[];
  readonly tags?: readonly string[];
}

/** Compiled once a run: a repository may have thousands of refs. */
export type RefSelector = (ref: string) => boolean;

const heads = 'refs/heads/';
const tags = 'refs/tags/';

/**
 * Says of full ref names whether they are carried. Refs outside of branches and tags never are: the others belong to the
 * servers. A later pattern wins over an earlier one, so that `*`, `!wip/*`, `wip/keep` means what it seems to.
 */
export function selectRefs(patterns: RefPatterns): RefSelector {
  const branches = compile(patterns.branches);
  const tagged = compile(patterns.tags);
  return (ref) => {
    if (ref.startsWith(heads)) return branches(ref.slice(heads.length));
    return ref.startsWith(tags) && tagged(ref.slice(tags.length));
  };
}

function compile(patterns: readonly string[] | undefined): (name: string) => boolean {
  if (patterns === undefined) return () => true;
  const rules = patterns
    .map((pattern) => pattern.trim())
    .filter((pattern) => pattern !== '')
    .map((pattern) => {
      const isExclusion = pattern.startsWith('!');
      return { isExclusion, matches: matcher(isExclusion ? pattern.slice(1) : pattern) };
    });
  const onlyExclusions = rules.length > 0 && rules.every(({ isExclusion }) => isExclusion);
  return (name) => {
    let carried = onlyExclusions;
    for (const { isExclusion, matches } of rules) if (matches(name)) carried = !isExclusion;
    return carried;
  };
}

/** Without regular expressions made of what somebody typed: `*` in a loop cannot be made to run for minutes. */
function matcher(pattern: string): (name: string) => boolean {
  const plain = pattern.replace(/^refs\/(?:heads|tags)\//, '');
  return (name) => {
    let [at, inPattern, star, resume] = [0, 0, -1, 0];
    while (at < name.length) {
      if (plain[inPattern] === '*') {
        star = inPattern;
        resume = at;
        inPattern += 1;
      } else if (plain[inPattern] === '?' || plain[inPattern] === name[at]) {
        at += 1;
        inPattern += 1;
      } else if (star >= 0) {
        inPattern = star + 1;
        resume += 1;
        at = resume;
      } else return false;
    }
    while (plain[inPattern] === '*') inPattern += 1;
    return inPattern === plain.length;
  };
}
