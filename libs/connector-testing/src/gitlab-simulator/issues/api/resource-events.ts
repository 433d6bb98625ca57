import { isoTime } from '../../entities/site.js';
import { userEntity } from '../../entities/user.js';
import type { Call } from '../../http/call.js';
import { listArray } from '../../http/listing.js';
import { pageReply } from '../../http/pagination.js';
import { noRoute, type Reply } from '../../http/reply.js';
import type { Router } from '../../http/router.js';
import { labelDetail } from '../entities/label.js';
import { milestoneEntity } from '../entities/milestone.js';
import type { Issue, ResourceEvent } from '../model/issue.js';
import { issueOf } from './issue-access.js';

/** Changes of labels, state, milestone and weight, oldest first. */
export function addResourceEventRoutes(router: Router): void {
  for (const kind of ['label', 'state', 'milestone', 'weight'] as const) {
    router.get(`/projects/:id/issues/:iid/resource_${kind}_events`, (call) => list(call, kind));
  }
}

function list(call: Call, kind: ResourceEvent['kind']): Reply {
  // Free has no such route.
  if (kind === 'weight' && call.site.edition === 'free') return noRoute;
  const issue = issueOf(call, 'Issue');
  const rows = issue.events.filter((event) => event.kind === kind);
  return pageReply(call, listArray(rows), (event) => JSON.stringify(eventEntity(call, issue, event)));
}

function eventEntity(call: Call, issue: Issue, event: ResourceEvent) {
  if (event.kind === 'weight') {
    const { id, user, createdAt, weight } = event;
    return { id, user: userEntity(call.site, user), created_at: isoTime(createdAt), issue_id: issue.id, weight };
  }
  return {
    id: event.id,
    user: userEntity(call.site, event.user),
    created_at: isoTime(event.createdAt),
    resource_type: 'Issue',
    resource_id: issue.id,
    ...details(call, event),
  };
}

function details(call: Call, event: Exclude<ResourceEvent, { kind: 'weight' }>) {
  if (event.kind === 'state') return { source_commit: null, source_merge_request: null, state: event.state };
  if (event.kind === 'milestone') {
    const gone = !event.milestone.owner.milestones.has(event.milestone.id);
    return { milestone: gone ? null : milestoneEntity(call.site, event.milestone), action: event.action };
  }
  const gone = event.label.owner.labels.get(event.label.name) !== event.label;
  return { label: gone ? null : labelDetail(event.label), action: event.action };
}
