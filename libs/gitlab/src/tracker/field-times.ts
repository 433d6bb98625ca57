import type { IssueFieldName } from '@syncline/connector-sdk';
import { z } from 'zod';
import type { GitLabClient, Paging } from '../client.js';
import { parseItems, parseOne, PER_PAGE } from '../page.js';
import { issueNumber } from './issue-writes.js';
import { noteSchema, resourceEventSchema } from './schema.js';
import { readAll } from './whole-list.js';
import { orMissing } from './writing.js';

/** Pages of activity, newest first, that are searched: what is older says nothing about a change of today. */
const MOST_PAGES = 3;

/** What GitLab writes into the activity about fields that have no events of their own; always in English. */
const sentences: Partial<Record<IssueFieldName, RegExp>> = {
  title: /^changed title from /,
  description: /^changed the description/,
  assignees: /^(?:assigned to|unassigned|removed assignee|changed assignee|reassigned to) ?/,
  dueDate: /^(?:changed|set|removed) (?:the )?(?:due date|start date|due date and start date)/,
  confidential: /^made the (?:issue|incident|task|work item) (?:confidential|visible to everyone)/,
};

/** When fields of one issue were last changed, from resource events and system notes; a field without either is absent. */
export async function readFieldTimes(
  client: GitLabClient,
  projectId: number,
  key: string,
  fields: readonly IssueFieldName[],
): Promise<Partial<Record<IssueFieldName, string>>> {
  const iid = issueNumber(key);
  const times: Partial<Record<IssueFieldName, string>> = {};
  const events: Partial<Record<IssueFieldName, (paging: Paging) => Promise<unknown>>> = {
    labels: (paging) => client.issueLabelEvents.all(projectId, iid, paging),
    state: (paging) => client.issueStateEvents.all(projectId, iid, paging),
    milestone: (paging) => client.issueMilestoneEvents.all(projectId, iid, paging),
  };
  for (const field of new Set(fields)) {
    const call = events[field];
    if (call === undefined) continue;
    const last = newest(await readAll(client, resourceEventSchema, `events of issue ${key}`, call));
    if (last !== undefined) times[field] = last;
  }
  if (fields.includes('weight')) {
    const last = newest(await weightEvents(client, projectId, iid));
    if (last !== undefined) times.weight = last;
  }
  const spoken = fields.filter((field) => sentences[field] !== undefined);
  if (spoken.length > 0) Object.assign(times, await spokenTimes(client, projectId, iid, spoken));
  return times;
}

type ResourceEvent = z.infer<typeof resourceEventSchema>;

function newest(events: readonly ResourceEvent[]): string | undefined {
  if (events.length === 0) return undefined;
  return new Date(Math.max(...events.map(({ created_at: at }) => at.getTime()))).toISOString();
}

/** @gitbeaker asks for events of states under this name. Free has none: 404. */
async function weightEvents(client: GitLabClient, projectId: number, iid: number): Promise<ResourceEvent[]> {
  const all: ResourceEvent[] = [];
  const path = `projects/${projectId}/issues/${iid}/resource_weight_events?per_page=${PER_PAGE}`;
  for (let page = 1; ; page += 1) {
    const body = (await orMissing(client.send('GET', `${path}&page=${page}`))) ?? [];
    const events = parseOne(body, z.array(resourceEventSchema), `events of issue ${iid}`);
    all.push(...events);
    if (events.length < PER_PAGE) return all;
  }
}

async function spokenTimes(
  client: GitLabClient,
  projectId: number,
  iid: number,
  fields: readonly IssueFieldName[],
): Promise<Partial<Record<IssueFieldName, string>>> {
  const times: Partial<Record<IssueFieldName, string>> = {};
  const order = { sort: 'desc', orderBy: 'created_at', activityFilter: 'only_activity' } as const;
  let page: number | undefined = 1;
  while (page !== undefined && page <= MOST_PAGES) {
    const raw = await client.page(page, (paging) => client.issueNotes.all(projectId, iid, { ...order, ...paging }));
    for (const item of parseItems(raw.items, noteSchema, 'id', `the activity of issue ${iid}`)) {
      if (!item.ok || !item.value.system) continue;
      for (const field of fields) {
        if (times[field] !== undefined || sentences[field]?.test(item.value.body) !== true) continue;
        times[field] = item.value.created_at.toISOString();
      }
    }
    page = fields.every((field) => times[field] !== undefined) ? undefined : raw.nextPage;
  }
  return times;
}
