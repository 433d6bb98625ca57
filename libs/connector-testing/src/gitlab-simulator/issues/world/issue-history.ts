import type { User } from '../../model/people.js';
import type { Issue } from '../model/issue.js';
import { addResourceEvent, addSystemNote, type TrackerContext } from './tracker-context.js';

const months = 'January February March April May June July August September October November December'.split(' ');

/** What the activity list says about a change. Source: app/services/system_notes/*.rb */
export function describeChanges(context: TrackerContext, issue: Issue, before: Issue, by: User, at: number): void {
  for (const label of issue.labels) {
    if (!before.labels.includes(label))
      addResourceEvent(context, issue, by, at, { kind: 'label', label, action: 'add' });
  }
  for (const label of before.labels) {
    if (!issue.labels.includes(label))
      addResourceEvent(context, issue, by, at, { kind: 'label', label, action: 'remove' });
  }
  if (issue.weight !== before.weight) {
    addResourceEvent(context, issue, by, at, { kind: 'weight', weight: issue.weight });
  }
  if (issue.milestone !== before.milestone) {
    const milestone = issue.milestone ?? before.milestone;
    const action = issue.milestone === null ? 'remove' : 'add';
    if (milestone !== null) addResourceEvent(context, issue, by, at, { kind: 'milestone', milestone, action });
  }
  for (const body of sentences(issue, before)) addSystemNote(context, issue, by, body, { at });
}

function sentences(issue: Issue, before: Issue): string[] {
  const found: string[] = [];
  if (before.title !== '' && issue.title !== before.title)
    found.push(`changed title from **{-${before.title}-}** to **{+${issue.title}+}**`);
  if (before.title !== '' && issue.description !== before.description) found.push('changed the description');
  const added = issue.assignees.filter((user) => !before.assignees.includes(user)).map(mention);
  const removed = before.assignees.filter((user) => !issue.assignees.includes(user)).map(mention);
  const assigned = added.length > 0 ? [`assigned to ${added.join(', ')}`] : [];
  const unassigned = removed.length > 0 ? [`unassigned ${removed.join(', ')}`] : [];
  if (assigned.length + unassigned.length > 0) found.push([...assigned, ...unassigned].join(' and '));
  if (issue.dueDate !== before.dueDate) {
    found.push(issue.dueDate === null ? 'removed due date' : `changed due date to ${inWords(issue.dueDate)}`);
  }
  if (issue.confidential !== before.confidential && before.title !== '')
    found.push(issue.confidential ? 'made the issue confidential' : 'made the issue visible to everyone');
  if (issue.discussionLocked !== before.discussionLocked && before.title !== '')
    found.push(
      issue.discussionLocked === true ? 'locked the discussion in this issue' : 'unlocked the discussion in this issue',
    );
  if (issue.timeEstimate !== before.timeEstimate)
    found.push(
      issue.timeEstimate === 0 ? 'removed time estimate' : `changed time estimate to ${spokenTime(issue.timeEstimate)}`,
    );
  if (issue.totalTimeSpent !== before.totalTimeSpent) {
    const spent = issue.totalTimeSpent - before.totalTimeSpent;
    found.push(`${spent < 0 ? 'subtracted' : 'added'} ${spokenTime(Math.abs(spent))} of time spent`);
  }
  return found;
}

/** `3h 30m`; a day has 8 hours, a week 5 days, a month 4 weeks. */
export function spokenTime(seconds: number): string {
  const units = [
    ['mo', 576_000],
    ['w', 144_000],
    ['d', 28_800],
    ['h', 3600],
    ['m', 60],
    ['s', 1],
  ] as const;
  let left = seconds;
  const parts: string[] = [];
  for (const [unit, size] of units) {
    const count = Math.floor(left / size);
    left -= count * size;
    if (count > 0) parts.push(`${count}${unit}`);
  }
  return parts.length === 0 ? '0m' : parts.join(' ');
}

function mention(user: User): string {
  return `@${user.username}`;
}

function inWords(date: string): string {
  const [year = '', month = '', day = ''] = date.split('-');
  return `${months[Number(month) - 1] ?? month} ${Number(day)}, ${year}`;
}
