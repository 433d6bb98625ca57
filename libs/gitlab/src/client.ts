import type { HttpClient, HttpMethod, HttpResponse, Instance, JsonObject } from '@syncline/connector-sdk';
import {
  Branches,
  Commits,
  ContainerRegistry,
  Deployments,
  Groups,
  IssueLabelEvents,
  IssueMilestoneEvents,
  IssueNotes,
  Issues,
  IssueStateEvents,
  Jobs,
  MergeRequestApprovals,
  MergeRequests,
  Metadata,
  PersonalAccessTokens,
  Pipelines,
  ProjectLabels,
  ProjectMarkdownUploads,
  ProjectMembers,
  ProjectMilestones,
  ProjectReleases,
  Projects,
  Users,
} from '@gitbeaker/rest';
import { describeEndpoint, isContainerEndpoint } from './endpoint-names.js';
import { PER_PAGE, parseListPage, type RawPage } from './page.js';
import { createGitLabRequester } from './requester.js';
import { statusError } from './status-errors.js';

/** What every list call must pass on: one page, asked so that its headers come along. */
export interface Paging {
  readonly page: number;
  readonly perPage: number;
  readonly showExpanded: true;
}

/**
 * GitLab's REST API: @gitbeaker's resources on our HTTP client. Errors are `ConnectorError`s; an answer counts as
 * `unknown` until a schema has parsed it. Only the resources we use are made, not @gitbeaker's whole set of two hundred.
 */
export interface GitLabClient {
  /** For what @gitbeaker has no method for; paths begin with `/api/v4`. */
  readonly http: HttpClient;
  /** The credential headers for `http`. */
  readonly auth: Readonly<Record<string, string>>;
  readonly branches: Branches;
  readonly commits: Commits;
  readonly containerRegistry: ContainerRegistry;
  readonly deployments: Deployments;
  readonly groups: Groups;
  readonly issueLabelEvents: IssueLabelEvents;
  readonly issueMilestoneEvents: IssueMilestoneEvents;
  readonly issueNotes: IssueNotes;
  readonly issues: Issues;
  readonly issueStateEvents: IssueStateEvents;
  readonly jobs: Jobs;
  readonly mergeRequestApprovals: MergeRequestApprovals;
  readonly mergeRequests: MergeRequests;
  readonly metadata: Metadata;
  readonly personalAccessTokens: PersonalAccessTokens;
  readonly pipelines: Pipelines;
  readonly projectLabels: ProjectLabels;
  readonly projectMembers: ProjectMembers;
  readonly projectMilestones: ProjectMilestones;
  readonly projectUploads: ProjectMarkdownUploads;
  readonly projects: Projects;
  readonly releases: ProjectReleases;
  readonly users: Users;
  /** A request that @gitbeaker has no method for, or no types; `endpoint` as in `projects/7/issues/42`. Errors as of the resources. */
  send(method: HttpMethod, endpoint: string, body?: JsonObject): Promise<unknown>;
  /** Reads one page of a list: `client.page(3, (paging) => client.pipelines.all(7, { sort: 'asc', ...paging }))`. */
  page(page: number, call: (paging: Paging) => Promise<unknown>): Promise<RawPage>;
}

export function createGitLabClient(
  http: HttpClient,
  instance: Pick<Instance, 'baseUrl' | 'credentials'>,
): GitLabClient {
  const token = instance.credentials.token ?? '';
  const auth = { 'PRIVATE-TOKEN': token };
  const check = (response: HttpResponse, endpoint: string): void => {
    // The common case costs nothing: words for an error are made when there is one.
    if (response.status < 300 && typeof response.body !== 'string') return;
    const context = { what: describeEndpoint(endpoint), isContainer: isContainerEndpoint(endpoint), token };
    const error = statusError(response, context);
    if (error !== undefined) throw error;
  };
  // Limits and timeouts of @gitbeaker's own are off: the HTTP client has them, per account and told by the remote.
  const options = {
    host: instance.baseUrl.replace(/\/+$/, ''),
    token,
    requesterFn: createGitLabRequester(http, { auth, check }),
    rateLimits: {},
    queryTimeout: null,
  };
  return {
    http,
    auth,
    branches: new Branches(options),
    commits: new Commits(options),
    containerRegistry: new ContainerRegistry(options),
    deployments: new Deployments(options),
    groups: new Groups(options),
    issueLabelEvents: new IssueLabelEvents(options),
    issueMilestoneEvents: new IssueMilestoneEvents(options),
    issueNotes: new IssueNotes(options),
    issues: new Issues(options),
    issueStateEvents: new IssueStateEvents(options),
    jobs: new Jobs(options),
    mergeRequestApprovals: new MergeRequestApprovals(options),
    mergeRequests: new MergeRequests(options),
    metadata: new Metadata(options),
    personalAccessTokens: new PersonalAccessTokens(options),
    pipelines: new Pipelines(options),
    projectLabels: new ProjectLabels(options),
    projectMembers: new ProjectMembers(options),
    projectMilestones: new ProjectMilestones(options),
    projectUploads: new ProjectMarkdownUploads(options),
    projects: new Projects(options),
    releases: new ProjectReleases(options),
    users: new Users(options),
    async send(method, endpoint, body) {
      const response = await http.request({ method, path: `/api/v4/${endpoint}`, auth, body });
      check(response, endpoint);
      return response.body;
    },
    async page(page, call) {
      return parseListPage(await call({ page, perPage: PER_PAGE, showExpanded: true }));
    },
  };
}
