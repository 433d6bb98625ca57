import { ConnectorError, type JsonObject, type SyncRequest } from '@syncline/connector-sdk';
import type { RefSelector } from '../refs/ref-patterns.js';
import type { WantedRef } from '../refs/ref-plan.js';
import type { Ends } from './remotes.js';

/** What this run is about. */
export type Task =
  /** All selected refs, with what has disappeared. */
  | { readonly kind: 'all' }
  /** What webhooks named. */
  | { readonly kind: 'named'; readonly refs: ReadonlySet<string> }
  /** One ref or commit, to a branch of the caller's choice. */
  | { readonly kind: 'manual'; readonly ref?: string; readonly branch?: string };

/** A manual run about one ref does what webhooks have named meanwhile as well: their wakes come once. */
export function tasksOf(request: SyncRequest, ends: Ends): readonly Task[] {
  refuseOddParams(request.params);
  const ref = textOf(request.params, 'ref');
  const branch = textOf(request.params, 'branch');
  if (ref === undefined && branch === undefined)
    return [request.mode === 'wake' ? namedTask(request, ends) : { kind: 'all' }];
  const manual: Task = { kind: 'manual', ref, branch };
  return request.wakes.length === 0 ? [manual] : [manual, namedTask(request, ends)];
}

function namedTask({ wakes }: SyncRequest, ends: Ends): Task {
  const named = wakes.filter(({ stream, scope }) => stream === 'refs' && scope === String(ends.gitLab.id));
  // A wake-up without a ref says only that there is something.
  if (named.some(({ item }) => item === undefined)) return { kind: 'all' };
  return { kind: 'named', refs: new Set(named.flatMap(({ item }) => (item === undefined ? [] : [item]))) };
}

/** The refs to carry: of a manual run the one it asks for, whatever the patterns say. */
export function wantedRefs(
  task: Task,
  gitLab: ReadonlyMap<string, string>,
  selects: RefSelector,
  ends: Ends,
): readonly WantedRef[] {
  if (task.kind === 'manual') return [manualRef(task, gitLab, ends)];
  return [...gitLab]
    .filter(([ref]) => selects(ref) && (task.kind === 'all' || task.refs.has(ref)))
    .map(([ref, sha]) => ({ source: ref, target: ref, sha }));
}

/** A branch, a tag, a full ref name or a whole sha; without any, the default branch. */
function manualRef(
  { ref, branch }: { readonly ref?: string; readonly branch?: string },
  gitLab: ReadonlyMap<string, string>,
  ends: Ends,
): WantedRef {
  const name = ref ?? ends.gitLab.defaultBranch;
  if (name === undefined) throw badParameter('ref', 'The GitLab repository is empty.');
  const target = branch === undefined ? undefined : branchRef(branch);
  for (const source of [name, `refs/heads/${name}`, `refs/tags/${name}`]) {
    const sha = gitLab.get(source);
    if (sha !== undefined) return { source, target: target ?? source, sha };
  }
  if (!/^[0-9a-f]{40}$/i.test(name)) throw badParameter('ref', `GitLab has no branch or tag ${name}.`);
  if (target === undefined) throw badParameter('branch', 'A commit needs the name of the branch it goes to.');
  return { source: name.toLowerCase(), target, sha: name.toLowerCase() };
}

/** The rules of git for names, as far as they keep a name from meaning something else. */
function branchRef(branch: string): string {
  const name = branch.replace(/^refs\/heads\//, '');
  const bad =
    name === '' ||
    // git itself takes them for something else.
    name === 'HEAD' ||
    name === '@' ||
    name.startsWith('refs/') ||
    /[\s~^:?*[\\]|\.\.|@\{|\/\/|^[-/]|[/.]$|\.lock$|(?:^|\/)\./.test(name) ||
    /\p{Cc}/u.test(name) ||
    name.length > 200;
  if (bad) throw badParameter('branch', `${JSON.stringify(branch.slice(0, 80))} cannot be the name of a branch.`);
  return `refs/heads/${name}`;
}

/** The parameters of a manual run, and how many characters they may have. */
const longest: ReadonlyMap<string, number> = new Map([
  ['ref', 500],
  ['branch', 500],
  ['message', 2_000],
]);

/** Of a misspelt or misshapen parameter everything would be carried, which is not what was asked for. */
function refuseOddParams(params: JsonObject): void {
  for (const [name, value] of Object.entries(params)) {
    const most = longest.get(name);
    if (most === undefined) {
      if (name === 'repairLinks') continue;
      throw badParameter(
        name,
        `There is no parameter ${name.slice(0, 80)}: known are ${[...longest.keys()].join(', ')}.`,
      );
    }
    if (value === null) continue;
    if (typeof value !== 'string') throw badParameter(name, `The parameter ${name} must be a text.`);
    if (value.length > most) throw badParameter(name, `The parameter ${name} is longer than ${most} characters.`);
  }
}

export function textOf(params: JsonObject, name: string): string | undefined {
  const value = params[name];
  return typeof value === 'string' && value.trim() !== '' ? value.trim() : undefined;
}

/** Of a parameter that a manual run cannot follow. */
export function badParameter(name: string, message: string): ConnectorError {
  return new ConnectorError('permanent', message, { path: `/params/${name}` });
}
