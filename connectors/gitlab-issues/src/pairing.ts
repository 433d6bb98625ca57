import {
  ConnectorError,
  type FoundItem,
  type Issue,
  issueFieldNames,
  type IssueFieldName,
  type JsonValue,
  type LinkRef,
  type LinkSide,
  type Pairing,
  type RereadField,
  type Session,
  type Tracker,
} from '@syncline/connector-sdk';
import {
  canonicalText,
  canonicalTitle,
  originKey,
  originOf,
  placeKey,
  readFrame,
  samePeople,
} from '@syncline/tracker-sync';
import { readSettings, type GitLabIssuesConfig, type SideConfig } from './config.js';
import { mappedUsers } from './mapped-users.js';
import { openSide } from './sides.js';
import { trackerOf } from './trackers.js';

/** What people ask about the issues of a pair outside of runs: linking two by hand, and having fixed a conflict. */
export const pairing: Pairing<GitLabIssuesConfig> = {
  places: ({ source, target }) => ({ left: namedPlace(source), right: namedPlace(target) }),

  async find(session, config, { kind, side, key }) {
    const tracker = await trackerFor(session, config, side);
    const [issueKey = '', commentId] = key.split('#');
    if (kind === 'issue' && commentId === undefined) {
      const issue = (await tracker.find([issueKey])).get(issueKey);
      if (issue?.movedTo !== undefined) throw movedAway(side, issue);
      return issue === undefined ? undefined : found(tracker, refOf(tracker, issue), issueKey);
    }
    if (kind !== 'comment' || commentId === undefined) return undefined;
    const comment = (await commentsOf(tracker, issueKey)).find(({ id }) => id === commentId);
    const { instanceId, projectId } = tracker.place;
    const ref = { instanceId, projectId, key, ...(comment?.url === undefined ? {} : { url: comment.url }) };
    return comment === undefined ? undefined : found(tracker, ref, issueKey, commentId);
  },

  async reread(session, config, link, field) {
    const name = issueFieldNames.find((known) => known === field);
    if (name === undefined || link.kind !== 'issue') {
      throw new ConnectorError('permanent', `Issues have no field ${field} that could be read again.`);
    }
    const [leftSide, rightSide] = await Promise.all([
      trackerFor(session, config, 'left'),
      trackerFor(session, config, 'right'),
    ]);
    const [left, right] = await Promise.all([current(leftSide, link.left), current(rightSide, link.right)]);
    if (name !== 'assignees') return compared(name, left, right);
    const { policy } = readSettings(config);
    const users = await mappedUsers(session, link.left.instanceId, link.right.instanceId);
    const assigned = { left: left.assignees, right: right.assignees };
    const agree = await samePeople(session, { left: leftSide, right: rightSide, policy, users }, assigned);
    return { left: shown(name, left), right: shown(name, right), agree };
  },
};

/** Without asking anybody a path stays a path: two configs with the same names are found to be the same. */
function namedPlace({ instance, project }: SideConfig): string {
  const name = String(project)
    .trim()
    .replace(/^\/+|\/+$/g, '')
    .toLowerCase();
  return placeKey({ baseUrl: new URL(instance.baseUrl).href.replace(/\/+$/, ''), projectId: name });
}

async function trackerFor(session: Session, config: GitLabIssuesConfig, side: LinkSide): Promise<Tracker> {
  return trackerOf(await openSide(session, readSettings(config), side));
}

function found(tracker: Tracker, ref: LinkRef, issue: string, comment?: string): FoundItem {
  // Which hub made a copy is known of copies only; an original has none yet.
  const origin = originOf('', tracker.place, issue, comment);
  return { ref, place: placeKey(tracker.place), origin: { key: originKey(origin), data: { ...origin } } };
}

function movedAway(side: LinkSide, { key, url }: Issue): ConnectorError {
  return new ConnectorError('config', `Issue ${key} was moved to another project; ${url} says to which`, {
    path: `/${side}/key`,
  });
}

function refOf(tracker: Tracker, { key, url, title }: Issue): LinkRef {
  const { instanceId, projectId } = tracker.place;
  return { instanceId, projectId, key, url, title };
}

async function commentsOf(tracker: Tracker, issueKey: string): ReturnType<Tracker['comments']> {
  try {
    return await tracker.comments(issueKey);
  } catch (error) {
    if (error instanceof ConnectorError && error.status === 404) return [];
    throw error;
  }
}

async function current(tracker: Tracker, { key }: LinkRef): Promise<Issue> {
  const issue = (await tracker.find([key])).get(key);
  if (issue !== undefined) return issue;
  throw new ConnectorError('permanent', `Issue ${key} of ${tracker.place.path} is not there any more.`, {
    status: 404,
  });
}

/**
 * As people see it now. Where only a run can tell whether two values are the same (what texts name differs from side to
 * side), they count as different: the next run closes a conflict that is none.
 */
function compared(field: IssueFieldName, left: Issue, right: Issue): RereadField {
  const [here, there] = [shown(field, left), shown(field, right)];
  return { left: here, right: there, agree: JSON.stringify(here) === JSON.stringify(there) };
}

/** As conflicts show values: sets are sorted names, a milestone is its title; a copy's text without what we put around it. */
function shown(field: IssueFieldName, issue: Issue): JsonValue {
  switch (field) {
    case 'title':
      return canonicalTitle(issue.title);
    case 'description':
      return canonicalText(readFrame(canonicalText(issue.description)).body);
    case 'labels':
    case 'assignees':
      return [...new Set(issue[field])].sort();
    case 'milestone':
      return issue.milestone?.title ?? null;
    default:
      return issue[field];
  }
}
