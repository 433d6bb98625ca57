import { accessLevels } from '../model/people.js';
import type { Project } from '../model/project.js';
import type { Call } from '../http/call.js';
import { listArray } from '../http/listing.js';
import { pageReply } from '../http/pagination.js';
import { badRequest, jsonReply, notFound, type Reply } from '../http/reply.js';
import type { Router } from '../http/router.js';
import { projectAsRole, projectWith } from './access.js';

const states = ['pending', 'running', 'success', 'failed', 'canceled', 'skipped'] as const;
type State = (typeof states)[number];

interface CommitStatus {
  readonly id: number;
  readonly sha: string;
  readonly name: string;
  ref: string;
  status: State;
  description: string | null;
  target_url: string | null;
}

/** The word in the refusal of a state that a status has already. */
const events: Readonly<Record<State, string>> = {
  pending: 'enqueue',
  running: 'run',
  success: 'success',
  failed: 'drop',
  canceled: 'cancel',
  skipped: 'skip',
};

const byProject = new WeakMap<Project, CommitStatus[]>();

/** States that other systems report for commits. */
export function addCommitStatusRoutes(router: Router): void {
  router
    .add('POST', '/projects/:id/statuses/:sha', setStatus)
    .get('/projects/:id/repository/commits/:sha/statuses', listStatuses);
}

function statusesOf(project: Project): CommitStatus[] {
  const known = byProject.get(project);
  if (known !== undefined) return known;
  const made: CommitStatus[] = [];
  byProject.set(project, made);
  return made;
}

/** One status a commit and name. A state it has already is refused. Source: app/services/ci/create_commit_status_service.rb */
function setStatus(call: Call): Reply {
  const project = projectAsRole(call, accessLevels.developer);
  const commit = project.repository.resolve(call.part('sha'));
  if (commit === undefined) throw notFound('Commit');
  const { parameters } = call;
  const state = parameters.choice('state', states);
  if (state === undefined) throw badRequest('state is missing');
  const targetUrl = parameters.string('target_url') ?? null;
  if (targetUrl !== null && targetUrl.length > 255) {
    return jsonReply({ message: { target_url: ['is too long (maximum is 255 characters)'] } }, 400);
  }
  const name = parameters.string('name') ?? parameters.string('context') ?? 'default';
  const all = statusesOf(project);
  const known = all.find((one) => one.sha === commit.sha && one.name === name);
  if (known?.status === state) {
    const reason = `Cannot transition status via :${events[state]} from :${state} (Reason(s): Status cannot transition via "${events[state]}")`;
    return jsonReply({ message: reason }, 400);
  }
  const next: CommitStatus = {
    id: known?.id ?? all.length + 1,
    sha: commit.sha,
    name,
    ref: parameters.string('ref') ?? project.defaultBranch,
    status: state,
    description: parameters.string('description') ?? null,
    target_url: targetUrl,
  };
  if (known === undefined) all.push(next);
  else Object.assign(known, next);
  return jsonReply(next, 201);
}

function listStatuses(call: Call): Reply {
  const project = projectWith(call, 'repository');
  const commit = project.repository.resolve(call.part('sha'));
  if (commit === undefined) throw notFound('Commit');
  const name = call.parameters.string('name');
  const rows = statusesOf(project).filter((one) => one.sha === commit.sha && (name === undefined || one.name === name));
  return pageReply(call, listArray(rows), (row) => JSON.stringify(row));
}
