import type { User } from '../../model/people.js';
import type { Project } from '../../model/project.js';
import type { Issue } from '../model/issue.js';
import type { FoundQuickAction } from '../text/quick-action-scan.js';
import { textReferences } from '../text/references.js';
import { byReference, byUrl } from './cross-references.js';
import type { IssuePatch } from './issue-fields.js';
import { dateNamed, secondsNamed } from './spoken-values.js';
import { touchIssue, type TrackerContext } from './tracker-context.js';

export interface QuickActionTarget {
  readonly project: Project;
  /** Null while it is being made: commands about its state do nothing then. */
  readonly issue: Issue | null;
  readonly by: User;
  readonly move: ((issue: Issue, target: Project, by: User) => void) | undefined;
}

export interface QuickActionEffect {
  readonly patch?: IssuePatch;
  readonly summary: string;
  readonly later?: (issue: Issue) => void;
}

type Effect = (
  context: TrackerContext,
  target: QuickActionTarget,
  argument: string,
  patch: IssuePatch,
) => QuickActionEffect | undefined;

/** Under other names as well. */
const aliases: Readonly<Record<string, string>> = {
  labels: 'label',
  remove_label: 'unlabel',
  remove_labels: 'unlabel',
  due_date: 'due',
  estimate_time: 'estimate',
  remove_time_estimate: 'remove_estimate',
  spend_time: 'spend',
  spent: 'spend',
};

/** What a command does to this issue, or undefined where it does nothing. */
export function quickActionEffect(
  context: TrackerContext,
  target: QuickActionTarget,
  command: FoundQuickAction,
  patch: IssuePatch,
): QuickActionEffect | undefined {
  const effect = effects[aliases[command.name] ?? command.name];
  return effect?.(context, target, command.argument, patch);
}

const setsState =
  (state: 'opened' | 'closed', summary: string): Effect =>
  (context, { issue, by }) =>
    issue !== null && issue.state !== state && context.rights.updates(issue, by)
      ? { patch: { state }, summary }
      : undefined;

/** For planners; without an argument it does nothing. */
const plans =
  (
    effect: (
      context: TrackerContext,
      target: QuickActionTarget,
      argument: string,
      patch: IssuePatch,
    ) => QuickActionEffect | undefined,
  ): Effect =>
  (context, target, argument, patch) =>
    context.rights.plans(target.project, target.by) ? effect(context, target, argument, patch) : undefined;

const effects: Readonly<Record<string, Effect>> = {
  close: setsState('closed', 'Closed this issue.'),
  reopen: setsState('opened', 'Reopened this issue.'),
  title: (context, { issue, by }, argument) =>
    issue !== null && argument !== '' && context.rights.updates(issue, by)
      ? { patch: { title: argument }, summary: `Changed the title to "${argument}".` }
      : undefined,
  assign: plans((context, { issue, by }, argument, patch) => {
    const users = usersNamed(context, argument, by);
    if (users.length === 0) return undefined;
    const current = patch.assignees ?? issue?.assignees ?? [];
    const assignees = context.core.edition === 'ee' ? [...current, ...users] : users.slice(0, 1);
    return { patch: { assignees }, summary: `Assigned ${users.map(({ username }) => `@${username}`).join(' ')}.` };
  }),
  reassign: plans((context, { by }, argument) => {
    const assignees = usersNamed(context, argument, by);
    return assignees.length === 0 ? undefined : { patch: { assignees }, summary: 'Changed assignee(s).' };
  }),
  unassign: plans((context, { issue, by }, argument) => {
    if (issue === null || issue.assignees.length === 0) return undefined;
    const named = usersNamed(context, argument, by);
    const assignees = argument === '' ? [] : issue.assignees.filter((user) => !named.includes(user));
    return { patch: { assignees }, summary: 'Removed assignee(s).' };
  }),
  label: plans((context, { project }, argument, patch) => {
    const names = labelsNamed(argument).filter((name) => context.labels.find(project, name) !== undefined);
    const addLabels = [...(patch.addLabels ?? []), ...names];
    return names.length === 0 ? undefined : { patch: { addLabels }, summary: `Added ${spokenLabels(names)}.` };
  }),
  unlabel: plans((context, { project, issue }, argument, patch) => {
    if (issue === null || issue.labels.length === 0) return undefined;
    if (argument === '') return { patch: { labels: [] }, summary: 'Removed all labels.' };
    const names = labelsNamed(argument).filter((name) => context.labels.find(project, name) !== undefined);
    const removeLabels = [...(patch.removeLabels ?? []), ...names];
    return names.length === 0 ? undefined : { patch: { removeLabels }, summary: `Removed ${spokenLabels(names)}.` };
  }),
  relabel: plans((context, { project, issue }, argument) => {
    const labels = labelsNamed(argument).filter((name) => context.labels.find(project, name) !== undefined);
    if (issue === null || labels.length === 0) return undefined;
    return { patch: { labels }, summary: `Replaced all labels with ${spokenLabels(labels)}.` };
  }),
  milestone: plans((context, { project }, argument) => {
    const title = /^%?(?:"([^"]+)"|(.+))$/.exec(argument);
    const milestone = context.milestones.findByTitle(project, (title?.[1] ?? title?.[2] ?? '').trim());
    return milestone === undefined
      ? undefined
      : { patch: { milestone }, summary: `Set the milestone to %"${milestone.title}".` };
  }),
  remove_milestone: plans((_, { issue }) =>
    issue === null || issue.milestone === null
      ? undefined
      : { patch: { milestone: null }, summary: `Removed %"${issue.milestone.title}" milestone.` },
  ),
  due: plans((context, _, argument) => {
    const dueDate = dateNamed(argument, context.core.clock.read());
    return dueDate === undefined ? undefined : { patch: { dueDate }, summary: `Set the due date to ${dueDate}.` };
  }),
  remove_due_date: plans((_, { issue }) =>
    issue === null || issue.dueDate === null
      ? undefined
      : { patch: { dueDate: null }, summary: 'Removed the due date.' },
  ),
  confidential: plans((_, { issue }) =>
    issue?.confidential === true
      ? undefined
      : { patch: { confidential: true }, summary: 'Made this issue confidential.' },
  ),
  lock: plans((_, { issue }) =>
    issue === null || issue.discussionLocked === true
      ? undefined
      : { patch: { discussionLocked: true }, summary: 'Locked the discussion.' },
  ),
  unlock: plans((_, { issue }) =>
    issue?.discussionLocked === true
      ? { patch: { discussionLocked: false }, summary: 'Unlocked the discussion.' }
      : undefined,
  ),
  weight: plans((context, _, argument) => {
    const weight = /^\d{1,9}$/.test(argument) ? Number(argument) : undefined;
    if (weight === undefined || context.core.edition !== 'ee') return undefined;
    return { patch: { weight }, summary: `Set weight to ${weight}.` };
  }),
  clear_weight: plans((context, { issue }) =>
    issue === null || issue.weight === null || context.core.edition !== 'ee'
      ? undefined
      : { patch: { weight: null }, summary: 'Cleared weight.' },
  ),
  estimate: plans((_, __, argument) => {
    const timeEstimate = secondsNamed(argument);
    return timeEstimate === undefined
      ? undefined
      : { patch: { timeEstimate }, summary: `Set time estimate to ${argument}.` };
  }),
  remove_estimate: plans((_, { issue }) =>
    issue === null ? undefined : { patch: { timeEstimate: 0 }, summary: 'Removed time estimate.' },
  ),
  spend: plans((_, { issue }, argument) => {
    const seconds = secondsNamed(argument.split(/\s+\d{4}-/)[0] ?? '');
    if (issue === null || seconds === undefined) return undefined;
    const totalTimeSpent = Math.max(0, issue.totalTimeSpent + seconds);
    return { patch: { totalTimeSpent }, summary: `${seconds < 0 ? 'Subtracted' : 'Added'} ${argument} spent time.` };
  }),
  remove_time_spent: plans((_, { issue }) =>
    issue === null ? undefined : { patch: { totalTimeSpent: 0 }, summary: 'Removed spent time.' },
  ),
  subscribe: (_, { issue, by }) => {
    if (issue === null || issue.subscribers.has(by)) return undefined;
    return { summary: 'Subscribed to notifications.', later: (finished) => finished.subscribers.add(by) };
  },
  unsubscribe: (_, { issue, by }) => {
    if (issue === null || !issue.subscribers.has(by)) return undefined;
    return { summary: 'Unsubscribed from notifications.', later: (finished) => finished.subscribers.delete(by) };
  },
  duplicate: plans((context, { project, issue }, argument) => {
    const original = issueNamed(context, project, argument);
    if (issue === null || original === undefined || original === issue) return undefined;
    const later = (finished: Issue): void => {
      touchIssue(finished, finished.updatedAt, () => {
        finished.duplicatedTo = original;
      });
    };
    return {
      patch: { state: 'closed' },
      summary: `Closed this issue. Marked as related to, and a duplicate of, ${argument}.`,
      later,
    };
  }),
  move: plans((context, { issue, by, move }, argument) => {
    const project = context.projects.find(argument);
    if (issue === null || project === undefined || project === issue.project || move === undefined) return undefined;
    if (issue.movedTo !== null || !context.rights.plans(project, by)) return undefined;
    return {
      summary: `Moved this issue to ${project.fullPath}.`,
      later: (finished) => {
        move(finished, project, by);
      },
    };
  }),
};

/** `@nora @sam`, `nora` or `me`. */
function usersNamed(context: TrackerContext, argument: string, by: User): User[] {
  return argument
    .split(/[\s,]+|\s+and\s+/)
    .map((name) => name.replace(/^@/, ''))
    .flatMap((name) => (name === 'me' ? [by] : (context.users.find(name) ?? [])));
}

/** `~bug ~"two words" third`. */
function labelsNamed(argument: string): string[] {
  const found = [...argument.matchAll(/~?"([^"]+)"|~?([^\s,~"]+)/g)];
  return found.map((match) => match[1] ?? match[2] ?? '');
}

function spokenLabels(names: readonly string[]): string {
  return `${names.map((name) => (/\s/.test(name) ? `~"${name}"` : `~${name}`)).join(' ')} label${names.length === 1 ? '' : 's'}`;
}

function issueNamed(context: TrackerContext, from: Project, argument: string): Issue | undefined {
  const { issues, urls } = textReferences(argument);
  const [reference] = issues;
  const [url] = urls;
  if (reference !== undefined) return byReference(context, from, reference);
  return url === undefined ? undefined : byUrl(context, url);
}
