import type { Call } from '../../http/call.js';
import { badRequest, jsonReply, type Reply } from '../../http/reply.js';
import type { Router } from '../../http/router.js';
import { timeStats } from '../entities/issue.js';
import { secondsNamed } from '../world/spoken-values.js';
import { issueOf, issueToUpdate } from './issue-access.js';

const base = '/projects/:id/issues/:iid';

export function addTimeTrackingRoutes(router: Router): void {
  router
    .get(`${base}/time_stats`, (call) => jsonReply(timeStats(issueOf(call))))
    .add('POST', `${base}/time_estimate`, (call) => set(call, 'timeEstimate', () => durationOf(call)))
    .add('POST', `${base}/reset_time_estimate`, (call) => set(call, 'timeEstimate', () => 0))
    .add('POST', `${base}/add_spent_time`, (call) =>
      set(call, 'totalTimeSpent', (spent) => Math.max(0, spent + durationOf(call)), 201),
    )
    .add('POST', `${base}/reset_spent_time`, (call) => set(call, 'totalTimeSpent', () => 0));
}

function durationOf(call: Call): number {
  const seconds = secondsNamed(call.parameters.required('duration'));
  if (seconds === undefined) throw badRequest('400 Bad request');
  return seconds;
}

function set(
  call: Call,
  field: 'timeEstimate' | 'totalTimeSpent',
  after: (before: number) => number,
  status = 200,
): Reply {
  const issue = issueToUpdate(call);
  call.world.issues.update(issue, { [field]: after(issue[field]) }, { by: call.user });
  return jsonReply(timeStats(issue), status);
}
