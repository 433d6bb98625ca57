/** Words for the last part of an endpoint, so that errors speak of things and not of paths. */
const COLLECTIONS: Readonly<Record<string, string>> = {
  merge_requests: 'merge requests',
  pipelines: 'pipelines',
  jobs: 'jobs',
  releases: 'releases',
  deployments: 'deployments',
  approvals: 'approvals',
  diffs: 'changed files',
  commits: 'commits',
  branches: 'branches',
  repositories: 'registry repositories',
  tags: 'tags',
  projects: 'projects',
  issues: 'issues',
  notes: 'comments',
  labels: 'labels',
  milestones: 'milestones',
  hooks: 'webhooks',
};
const SINGLES: Readonly<Record<string, string>> = {
  merge_requests: 'merge request',
  pipelines: 'pipeline',
  releases: 'release',
  deployments: 'deployment',
  commits: 'commit',
  branches: 'branch',
  tags: 'tag',
  issues: 'issue',
};

/** `the merge requests of project 7` for `projects/7/merge_requests`; the path itself where there is no word. */
export function describeEndpoint(endpoint: string): string {
  const parts = endpoint.split('?')[0]?.split('/').map(decoded) ?? [];
  const [root, id, ...rest] = parts;
  // As @gitbeaker names it.
  if (id === 'uploads' && rest.length === 0) return `the files of project ${root}`;
  if (root !== 'projects' && root !== 'groups') return root === 'user' ? "the token's user" : parts.join('/');
  const owner = root === 'projects' ? 'project' : 'group';
  if (id === undefined) return root === 'projects' ? 'the projects' : 'the groups';
  if (rest.length === 0) return `${owner} ${id}`;
  const last = rest.at(-1) ?? '';
  const before = rest.at(-2) ?? '';
  const single = SINGLES[before];
  if (last in COLLECTIONS) return `the ${COLLECTIONS[last]} of ${containerOf(rest.slice(0, -1))}${owner} ${id}`;
  if (single !== undefined) return `${single} ${last} of ${owner} ${id}`;
  return `${rest.join('/')} of ${owner} ${id}`;
}

/** A missing project or group is a matter of the configuration, not of one item. */
export function isContainerEndpoint(endpoint: string): boolean {
  return /^(?:projects|groups)\/[^/?]+\/?(?:\?|$)/.test(endpoint);
}

function containerOf(path: readonly string[]): string {
  const [collection, id] = path.slice(-2);
  const single = collection === undefined ? undefined : SINGLES[collection];
  return single === undefined || id === undefined ? '' : `${single} ${id} of `;
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}
