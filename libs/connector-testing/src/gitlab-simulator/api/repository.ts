import { branchEntity, commitEntity, commitStats, tagEntity } from '../entities/commit.js';
import { pipelineEntity } from '../entities/pipeline.js';
import { cachedJson } from '../model/cached-json.js';
import type { Commit } from '../model/commit.js';
import { accessLevels } from '../model/people.js';
import type { Project } from '../model/project.js';
import type { Call } from '../http/call.js';
import { listArray } from '../http/listing.js';
import { pageReply } from '../http/pagination.js';
import { badParameter, jsonReply, notFound, type Reply } from '../http/reply.js';
import type { Router } from '../http/router.js';
import { projectWith } from './access.js';

const base = '/projects/:id/repository';

export function addRepositoryRoutes(router: Router): void {
  router
    .get(`${base}/branches`, listBranches)
    .get(`${base}/branches/:branch`, oneBranch)
    .get(`${base}/commits`, listCommits)
    .get(`${base}/commits/:sha`, oneCommit)
    .get(`${base}/commits/:sha/refs`, commitRefs)
    .get(`${base}/tags`, listTags)
    .get(`${base}/tags/:tag`, oneTag);
}

/** The project, or 404 where it has no commits yet. */
function repositoryOf(call: Call): Project {
  const project = projectWith(call, 'repository');
  if (project.repository.empty) throw notFound('Repository');
  return project;
}

function listBranches(call: Call): Reply {
  const project = repositoryOf(call);
  const matches = nameFilter(call.parameters.string('search'), call.parameters.string('regex'));
  const rows = [...project.repository.branches.values()].filter((branch) => matches(branch.name));
  rows.sort((left, right) => (left.name < right.name ? -1 : 1));
  return pageReply(call, listArray(rows), (row) =>
    JSON.stringify(branchEntity(call.site, project, row, canPush(call, project))),
  );
}

/** `^begin`, `end$`, or a part of the name; or a regular expression. */
function nameFilter(search: string | undefined, regex: string | undefined): (name: string) => boolean {
  if (regex !== undefined) {
    const pattern = compile(regex);
    return (name) => pattern.test(name);
  }
  if (search === undefined) return () => true;
  const wanted = search.replace(/^\^/, '').replace(/\$$/, '').toLowerCase();
  return (name) => {
    const lower = name.toLowerCase();
    if (search.startsWith('^') && !lower.startsWith(wanted)) return false;
    if (search.endsWith('$') && !lower.endsWith(wanted)) return false;
    return lower.includes(wanted);
  };
}

function compile(regex: string): RegExp {
  try {
    return new RegExp(regex);
  } catch {
    throw badParameter('regex is an invalid regex');
  }
}

function oneBranch(call: Call): Reply {
  const project = repositoryOf(call);
  const branch = project.repository.branches.get(call.part('branch'));
  if (branch === undefined) throw notFound('Branch');
  return jsonReply(branchEntity(call.site, project, branch, canPush(call, project)));
}

function canPush(call: Call, project: Project): boolean {
  return call.world.projects.accessLevel(project, call.user) >= accessLevels.developer;
}

/** Pages come without totals: GitLab does not count commits. An unknown ref has no commits. */
function listCommits(call: Call): Reply {
  const project = repositoryOf(call);
  const { parameters } = call;
  const since = parameters.time('since');
  const until = parameters.time('until');
  const author = parameters.string('author')?.toLowerCase();
  const stats = parameters.boolean('with_stats') ?? false;
  let rows = reachable(call, project);
  if (parameters.boolean('first_parent') === true) rows = firstParents(project, rows);
  if (since !== undefined || until !== undefined || author !== undefined) {
    rows = rows.filter(
      (commit) =>
        commit.committedAt >= (since ?? 0) &&
        commit.committedAt <= (until ?? Number.MAX_SAFE_INTEGER) &&
        (author === undefined || `${commit.authorName} <${commit.authorEmail}>`.toLowerCase().includes(author)),
    );
  }
  const plain = (commit: Commit) => commitEntity(call.site, project, commit);
  const render = (commit: Commit): string | Buffer =>
    stats
      ? cachedJson(commit, call.world.core.epoch, () => ({ ...plain(commit), stats: commitStats(commit) }))
      : JSON.stringify(plain(commit));
  return pageReply(call, listArray(rows), render, { totals: false });
}

function reachable(call: Call, project: Project): readonly Commit[] {
  const { repository } = project;
  if (call.parameters.boolean('all') === true) {
    const all = [...repository.branches.values(), ...repository.tags.values()].flatMap((ref) => [
      ...repository.history(ref.sha),
    ]);
    return [...new Set(all)].sort((left, right) => right.committedAt - left.committedAt);
  }
  const ref = call.parameters.string('ref_name') ?? project.defaultBranch;
  const range = /^(.*?)\.\.(.*)$/.exec(ref);
  if (range === null) {
    const head = repository.resolve(ref);
    return head === undefined ? [] : repository.history(head.sha);
  }
  const from = repository.resolve(range[1] ?? '');
  const to = repository.resolve(range[2] ?? '');
  return from === undefined || to === undefined ? [] : repository.between(from.sha, to.sha);
}

function firstParents(project: Project, rows: readonly Commit[]): Commit[] {
  const line: Commit[] = [];
  for (let next = rows[0]; next !== undefined; next = project.repository.find(next.parents[0] ?? '')) line.push(next);
  return line;
}

function oneCommit(call: Call): Reply {
  const { project, commit } = commitOf(call);
  const withStats = call.parameters.boolean('stats') ?? true;
  const pipelines = [...project.pipelines.values()].filter(
    (pipeline) => pipeline.sha === commit.sha && pipeline.parent === null,
  );
  const last = pipelines.at(-1);
  return jsonReply({
    ...commitEntity(call.site, project, commit),
    ...(withStats ? { stats: commitStats(commit) } : {}),
    status: last?.status ?? null,
    project_id: project.id,
    last_pipeline: last === undefined ? null : pipelineEntity(call.site, last),
  });
}

function commitRefs(call: Call): Reply {
  const { project, commit } = commitOf(call);
  const type = call.parameters.choice('type', ['all', 'branch', 'tag']) ?? 'all';
  const { repository } = project;
  const branches = [...repository.branches.values()].filter((branch) => repository.contains(branch.sha, commit.sha));
  const tags = [...repository.tags.values()].filter((tag) => repository.contains(tag.sha, commit.sha));
  const rows = [
    ...(type === 'tag' ? [] : branches.map(({ name }) => ({ type: 'branch', name }))),
    ...(type === 'branch' ? [] : tags.map(({ name }) => ({ type: 'tag', name }))),
  ];
  return pageReply(call, listArray(rows), (row) => JSON.stringify(row));
}

function commitOf(call: Call): { project: Project; commit: Commit } {
  const project = projectWith(call, 'repository');
  const commit = project.repository.resolve(call.part('sha'));
  if (commit === undefined) throw notFound('Commit');
  return { project, commit };
}

function listTags(call: Call): Reply {
  const project = repositoryOf(call);
  const orderBy = call.parameters.choice('order_by', ['name', 'updated', 'version']) ?? 'updated';
  const direction = call.parameters.choice('sort', ['asc', 'desc']) ?? 'desc';
  const matches = nameFilter(call.parameters.string('search'), undefined);
  const rows = [...project.repository.tags.values()].filter((tag) => matches(tag.name));
  const time = (sha: string): number => project.repository.find(sha)?.committedAt ?? 0;
  rows.sort((left, right) =>
    orderBy === 'updated'
      ? time(left.sha) - time(right.sha)
      : left.name.localeCompare(right.name, 'en', { numeric: orderBy === 'version' }),
  );
  if (direction === 'desc') rows.reverse();
  return pageReply(call, listArray(rows), (row) => JSON.stringify(tagEntity(call.site, project, row)));
}

function oneTag(call: Call): Reply {
  const project = repositoryOf(call);
  const tag = project.repository.tags.get(call.part('tag'));
  if (tag === undefined) throw notFound('Tag');
  return jsonReply(tagEntity(call.site, project, tag));
}
