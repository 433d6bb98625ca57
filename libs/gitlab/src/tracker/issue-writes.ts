import {
  ConnectorError,
  type Issue,
  type IssuePatch,
  type JsonValue,
  type NewIssue,
  type SetChange,
  type TrackerPlace,
  type UpdateResult,
} from '@syncline/connector-sdk';
import type { GitLabClient } from '../client.js';
import { parseOne } from '../page.js';
import { mapIssue } from './mapping.js';
import { type IssueBody, issueSchema } from './schema.js';
import type { Users } from './users.js';
import { written } from './writing.js';

export interface IssueWritesOptions {
  readonly client: GitLabClient;
  readonly place: TrackerPlace;
  readonly users: Users;
  readonly onIssue: (body: IssueBody) => void;
}

/** Creates and changes issues; what GitLab answers is what it kept. */
export class IssueWrites {
  private readonly projectId: number;

  constructor(private readonly options: IssueWritesOptions) {
    this.projectId = Number(options.place.projectId);
  }

  async get(key: string): Promise<Issue> {
    const iid = issueNumber(key);
    const { client } = this.options;
    const body: unknown = await client.issues.show(iid, { projectId: this.projectId });
    return this.map(parseOne(body, issueSchema, `issue ${key}`));
  }

  async create(issue: NewIssue): Promise<Issue> {
    const { client, users } = this.options;
    const assigneeIds = await users.idsOf(issue.assignees ?? []);
    const labels = (issue.labels ?? []).filter(isLabelName).join(',');
    const options = {
      description: issue.description,
      ...(labels === '' ? {} : { labels }),
      ...(assigneeIds.length === 0 ? {} : { assigneeIds }),
      ...(issue.milestone ? { milestoneId: Number(issue.milestone) } : {}),
      ...(issue.dueDate ? { dueDate: issue.dueDate } : {}),
      ...(issue.confidential === true ? { confidential: true } : {}),
      ...(typeof issue.weight === 'number' ? { weight: issue.weight } : {}),
    };
    const call = client.issues.create(this.projectId, issue.title, options);
    return this.map(await written(call, issueSchema, 'a new issue'));
  }

  /**
   * GitLab has no optimistic lock, so the version is compared by a read before the write; what slips in between is
   * overwritten only in the fields of the patch, and labels are added and removed one by one.
   */
  async update(key: string, patch: IssuePatch, expected: string | undefined): Promise<UpdateResult> {
    const current = expected === undefined ? undefined : await this.get(key);
    if (current !== undefined && current.version !== expected) return { stale: true, current };
    const body = await this.bodyOf(patch, current);
    if (Object.keys(body).length === 0) return { stale: false, current: current ?? (await this.get(key)) };
    // @gitbeaker's types cannot say "no weight".
    const path = `projects/${this.projectId}/issues/${issueNumber(key)}`;
    const answer = await written(this.options.client.send('PUT', path, body), issueSchema, `issue ${key}`);
    return { stale: false, current: this.map(answer) };
  }

  private async bodyOf(patch: IssuePatch, current: Issue | undefined): Promise<Record<string, JsonValue>> {
    const { title, description, state, labels, assignees, milestone, dueDate, confidential, weight } = patch;
    return {
      ...(title === undefined ? {} : { title }),
      ...(description === undefined ? {} : { description }),
      ...(state === undefined ? {} : { state_event: state === 'closed' ? 'close' : 'reopen' }),
      ...(labels === undefined ? {} : labelChange(labels)),
      ...(assignees === undefined ? {} : { assignee_ids: await this.assigneeIds(assignees, current) }),
      // Zero takes the milestone away; an empty text the date.
      ...(milestone === undefined ? {} : { milestone_id: milestone === null ? 0 : Number(milestone) }),
      ...(dueDate === undefined ? {} : { due_date: dueDate ?? '' }),
      ...(confidential === undefined ? {} : { confidential }),
      ...(weight === undefined ? {} : { weight }),
    };
  }

  /** GitLab only takes the whole set: whoever was assigned meanwhile stays. Nobody is `[0]`. */
  private async assigneeIds(change: SetChange, current: Issue | undefined): Promise<number[]> {
    const removed = new Set(change.remove.map((name) => name.toLowerCase()));
    const wanted =
      current === undefined
        ? change.value
        : [...current.assignees.filter((name) => !removed.has(name.toLowerCase())), ...change.add];
    const ids = await this.options.users.idsOf(wanted);
    return ids.length === 0 ? [0] : ids;
  }

  private map(body: IssueBody): Issue {
    this.options.onIssue(body);
    return mapIssue(body, this.options.place);
  }
}

/** The number in the address. Throws `permanent` with status 404 for what cannot be one. */
export function issueNumber(key: string): number {
  if (/^[1-9]\d{0,15}$/.test(key)) return Number(key);
  throw new ConnectorError('permanent', `${key.slice(0, 40)} is not the number of an issue.`, { status: 404 });
}

function labelChange({ add, remove }: SetChange): Record<string, JsonValue> {
  const added = add.filter(isLabelName);
  const removed = remove.filter(isLabelName);
  return {
    ...(added.length === 0 ? {} : { add_labels: added.join(',') }),
    ...(removed.length === 0 ? {} : { remove_labels: removed.join(',') }),
  };
}

/** A comma would make two labels of one. Such a name cannot be kept here, which the answer then shows. */
function isLabelName(name: string): boolean {
  return name.trim() !== '' && !name.includes(',');
}
