import type { Call } from '../../http/call.js';
import { forbidden, notFound } from '../../http/reply.js';
import { projectOf } from '../../api/access.js';
import type { Issue } from '../model/issue.js';

/** The issue of the path. What the user may not see does not exist; `what` is how the answer names it. */
export function issueOf(call: Call, what?: string): Issue {
  const issue = projectOf(call).issues.byIid.get(call.numericPart('iid', what));
  if (issue === undefined || !call.world.issueRights.reads(issue, call.user)) throw notFound(what);
  return issue;
}

/** The issue for a change: a hidden one is forbidden here, not absent. */
export function issueToUpdate(call: Call): Issue {
  const issue = projectOf(call).issues.byIid.get(call.numericPart('iid'));
  if (issue === undefined) throw notFound();
  if (!call.world.issueRights.updates(issue, call.user)) throw forbidden();
  return issue;
}
