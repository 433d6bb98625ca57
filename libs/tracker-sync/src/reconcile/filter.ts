import type { Issue } from '@syncline/connector-sdk';
import type { IssueFilter } from '../policy.js';

/** Why an issue is not copied anew; undefined: it is. */
export function filteredOut(issue: Issue, filter: IssueFilter | undefined): string | undefined {
  if (filter === undefined) return undefined;
  const missing = filter.labels?.find((label) => !issue.labels.includes(label));
  if (missing !== undefined) return `It does not have the label ${missing}.`;
  const unwanted = filter.notLabels?.find((label) => issue.labels.includes(label));
  if (unwanted !== undefined) return `It has the label ${unwanted}.`;
  if (filter.milestone !== undefined && issue.milestone?.title !== filter.milestone) {
    return `It is not in the milestone ${filter.milestone}.`;
  }
  if (
    filter.assignee !== undefined &&
    !issue.assignees.some((name) => name.toLowerCase() === filter.assignee?.toLowerCase())
  ) {
    return `It is not assigned to ${filter.assignee}.`;
  }
  if (filter.state !== undefined && issue.state !== filter.state) return `It is ${issue.state}.`;
  if (filter.createdAfter !== undefined && Date.parse(issue.createdAt) < Date.parse(filter.createdAfter)) {
    return `It was created before ${filter.createdAfter}.`;
  }
  return undefined;
}
