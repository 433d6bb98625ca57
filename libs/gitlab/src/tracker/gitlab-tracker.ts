import type { ConnectorError, Tracker, TrackerCapabilities, TrackerPlace } from '@syncline/connector-sdk';
import type { GitLabClient } from '../client.js';
import { capabilitiesOf } from './capabilities.js';
import { Comments } from './comments.js';
import { readFieldTimes } from './field-times.js';
import { IssueLists } from './issue-lists.js';
import { IssueWrites } from './issue-writes.js';
import { Labels } from './labels.js';
import { locateIssue } from './locate.js';
import { issueUrl } from './mapping.js';
import { Milestones } from './milestones.js';
import { readTrackerProject, roleOf, type TrackerProject } from './project.js';
import type { IssueBody } from './schema.js';
import { Uploads } from './uploads.js';
import { Users } from './users.js';

export interface GitLabTrackerOptions {
  /** The project, where it was read already: saves a request. */
  readonly project?: TrackerProject;
  /** An issue in a list that cannot be read; the others go on. Default: the error is thrown. */
  readonly onUnreadable?: (key: string, error: ConnectorError) => void;
}

/**
 * The issues of one GitLab project, for one run. All types of work items that GitLab's list of issues shows (issues,
 * incidents, tasks, test cases) count as issues. The scope `api` is enough.
 */
export function createGitLabTracker(
  client: GitLabClient,
  place: TrackerPlace,
  options: GitLabTrackerOptions = {},
): Tracker {
  const users = new Users(client);
  const projectId = Number(place.projectId);
  let seenWeight = false;
  const onIssue = (body: IssueBody): void => {
    users.remember([body.author, ...body.assignees]);
    if (body.weight !== undefined) seenWeight = true;
  };
  const onUnreadable =
    options.onUnreadable ??
    ((_key: string, error: ConnectorError): void => {
      throw error;
    });
  const lists = new IssueLists({ client, place, onIssue, onUnreadable });
  const writes = new IssueWrites({ client, place, users, onIssue });
  const comments = new Comments(client, place);
  const labels = new Labels(client, place);
  const milestones = new Milestones(client, place);
  const uploads = new Uploads(client, place);
  const readCapabilities = async (): Promise<TrackerCapabilities> => {
    const project = options.project ?? (await readTrackerProject(client, projectId));
    const level = await roleOf(client, project, users);
    return capabilitiesOf(level, project.paid || seenWeight);
  };
  let capabilities: Promise<TrackerCapabilities> | undefined;
  return {
    place,
    capabilities() {
      capabilities ??= readCapabilities().catch((error: unknown) => {
        capabilities = undefined;
        throw error;
      });
      return capabilities;
    },
    async me() {
      const { id, username, name } = await users.me();
      return { id, username, name };
    },
    findUser: (username) => users.find(username),

    changes: (request) => lists.changes(request),
    find: (keys) => lists.find(keys),
    locate: (key) => locateIssue(client, place, users, key),
    async *createdByMe(since) {
      yield* lists.createdBy(Number((await users.me()).id), since);
    },
    issueUrl: (key) => issueUrl(place, key),

    create: (issue) => writes.create(issue),
    update: (key, patch, expected) => writes.update(key, patch, expected),
    fieldTimes: (key, fields) => readFieldTimes(client, projectId, key, fields),

    comments: (issueKey) => comments.all(issueKey),
    createComment: (issueKey, comment) => comments.create(issueKey, comment),
    updateComment: (issueKey, id, body) => comments.update(issueKey, id, body),
    deleteComment: (issueKey, id) => comments.delete(issueKey, id),

    labels: () => labels.all(),
    createLabel: (label) => labels.create(label),
    milestones: () => milestones.all(),
    createMilestone: (milestone) => milestones.create(milestone),
    updateMilestone: (key, patch) => milestones.update(key, patch),

    download: (reference, maxBytes) => uploads.download(reference, maxBytes),
    upload: (file) => uploads.upload(file),
  };
}
