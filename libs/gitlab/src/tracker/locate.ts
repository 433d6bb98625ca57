import { ConnectorError, type IssueDestination, type TrackerPlace, type Whereabouts } from '@syncline/connector-sdk';
import type { GitLabClient } from '../client.js';
import { parseItems, parseOne } from '../page.js';
import { issueNumber } from './issue-writes.js';
import { issueUrl, mapIssue } from './mapping.js';
import { readTrackerProject, roleOf, roles } from './project.js';
import { issueSchema, noteSchema } from './schema.js';
import type { Users } from './users.js';
import { orMissing } from './writing.js';

/** Pages of activity, newest first, in which the sentence about the move is looked for. */
const MOST_PAGES = 3;

/** Deleted, moved, hidden or there: one request for what is there, two or three to be sure that it is gone. */
export async function locateIssue(
  client: GitLabClient,
  place: TrackerPlace,
  users: Users,
  key: string,
): Promise<Whereabouts> {
  const projectId = Number(place.projectId);
  const body: unknown = await orDenied(client.issues.show(issueNumber(key), { projectId }));
  if (body === undefined) return whyMissing(client, place, users);
  const issue = parseOne(body, issueSchema, `issue ${key}`);
  if (typeof issue.moved_to_id !== 'number') return { kind: 'here', issue: mapIssue(issue, place) };
  return { kind: 'moved', to: await destination(client, place, issue.iid) };
}

/** Asked after the 404, because what was true before it may explain nothing: a role may have been taken away since. */
async function whyMissing(client: GitLabClient, place: TrackerPlace, users: Users): Promise<Whereabouts> {
  try {
    const project = await readTrackerProject(client, Number(place.projectId));
    if (project.markedForDeletion) return unknown(`The project ${project.path} is being deleted.`);
    if (!project.issuesEnabled) return unknown(`Issues are switched off in the project ${project.path}.`);
    const level = await roleOf(client, project, users);
    if (level >= roles.planner) return { kind: 'gone' };
    return unknown(
      `It may be confidential: the token's user has too low a role in ${project.path} to see such issues.`,
    );
  } catch (error) {
    if (!(error instanceof ConnectorError) || (error.status !== 404 && error.status !== 403)) throw error;
    return unknown(`The project ${place.path} cannot be seen with this token any more.`);
  }
}

function unknown(reason: string): Whereabouts {
  return { kind: 'unknown', reason };
}

/** 403 is what GitLab answers where issues are switched off. */
async function orDenied<T>(call: Promise<T>): Promise<T | undefined> {
  try {
    return await orMissing(call);
  } catch (error) {
    if (error instanceof ConnectorError && error.status === 403 && error.kind === 'permanent') return undefined;
    throw error;
  }
}

/** `moved to acme/web#12`, as GitLab notes it on the issue that was left behind; the last move counts. */
async function destination(client: GitLabClient, place: TrackerPlace, iid: number): Promise<IssueDestination> {
  const projectId = Number(place.projectId);
  const order = { sort: 'desc', orderBy: 'created_at', activityFilter: 'only_activity' } as const;
  let page: number | undefined = 1;
  while (page !== undefined && page <= MOST_PAGES) {
    const raw = await client.page(page, (paging) => client.issueNotes.all(projectId, iid, { ...order, ...paging }));
    for (const item of parseItems(raw.items, noteSchema, 'id', `the activity of issue ${iid}`)) {
      const match = item.ok && item.value.system ? /^moved to (\S*)#(\d+)$/.exec(item.value.body.trim()) : null;
      if (match !== null) return resolved(client, place, match[1] ?? '', match[2] ?? '');
    }
    page = raw.nextPage;
  }
  return {};
}

/** GitLab shortens the reference: no path for the same project, only the last part inside the same namespace. */
async function resolved(
  client: GitLabClient,
  place: TrackerPlace,
  name: string,
  key: string,
): Promise<IssueDestination> {
  if (name === '') return { projectId: place.projectId, key, url: issueUrl(place, key) };
  const namespace = place.path.split('/').slice(0, -1).join('/');
  const path = name.includes('/') ? name : `${namespace}/${name}`;
  const url = issueUrl({ ...place, path }, key);
  try {
    const project = await readTrackerProject(client, path);
    return { projectId: String(project.id), key, url: issueUrl({ ...place, path: project.path }, key) };
  } catch (error) {
    // Where it went is known, even if we may not see it there.
    if (error instanceof ConnectorError && (error.status === 404 || error.status === 403)) return { key, url };
    throw error;
  }
}
