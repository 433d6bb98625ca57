import { ConnectorError, type JsonObject, type SetAside, type SyncSession } from '@syncline/connector-sdk';
import { shortRef, type RefOutcome, type RefVerdict } from '../refs/ref-plan.js';

/** Outcomes that somebody has to look at. The others are as the settings want them. */
const troubling: ReadonlySet<RefOutcome> = new Set(['diverged', 'rewritten', 'name_clash', 'refused', 'withheld']);

export function isTrouble({ outcome }: Pick<RefVerdict, 'outcome'>): boolean {
  return troubling.has(outcome);
}

/** Problems by ref, as a checkpoint holds them: what was said once is not said at every poll. */
export type KnownProblems = Readonly<Record<string, string>>;

export interface ProblemNews {
  readonly setAside: readonly SetAside[];
  readonly settled: readonly string[];
  readonly problems: KnownProblems;
}

/** What has changed about the problems since the last run; logs the new ones, each with both shas. */
export function reviewProblems(
  session: SyncSession,
  verdicts: readonly RefVerdict[],
  known: KnownProblems,
  isInScope: (ref: string) => boolean,
): ProblemNews {
  const problems: Record<string, string> = {};
  const setAside: SetAside[] = [];
  for (const verdict of verdicts.filter(isTrouble)) {
    const { outcome, target, left, right, reason } = verdict;
    const mark = [outcome, left ?? '', right ?? ''].join(' ');
    problems[target] = mark;
    if (known[target] === mark) continue;
    const message = sentence(verdict);
    const data: JsonObject = { outcome, left: left ?? null, right: right ?? null, reason: reason ?? null };
    session.log.warn(message, { item: target, data });
    setAside.push({ item: target, error: new ConnectorError('permanent', message) });
  }
  const settled: string[] = [];
  for (const [target, mark] of Object.entries(known)) {
    if (problems[target] !== undefined) continue;
    // A run about one branch knows nothing of the others.
    if (isInScope(target)) settled.push(target);
    else problems[target] = mark;
  }
  return { setAside, settled, problems };
}

function sentence({ outcome, target, left, right, reason }: RefVerdict): string {
  const shas = [
    left === undefined ? [] : [`GitLab ${left}`],
    right === undefined ? [] : [`Azure DevOps ${right}`],
  ].flat();
  const where = shas.length === 0 ? '' : ` (${shas.join(', ')})`;
  return `${shortRef(target)}: ${outcome.replace('_', ' ')}: ${reason ?? 'it is left as it is'}${where}`;
}
