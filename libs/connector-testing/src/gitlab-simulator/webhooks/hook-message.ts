import type { Site } from '../entities/site.js';
import { issuePayload } from '../issues/webhooks/issue-payload.js';
import { notePayload } from '../issues/webhooks/note-payload.js';
import { issueSample } from '../issues/webhooks/issue-sample.js';
import type { Hook, HookFlag } from '../model/hook.js';
import type { Project } from '../model/project.js';
import { jobsOf } from '../model/pipeline.js';
import { noSha, type WorldEvent } from '../world/world-event.js';
import { mergeRequestPayload } from './merge-request-payload.js';
import { jobPayload, pipelinePayload } from './pipeline-payload.js';
import { pushPayload } from './push-payload.js';
import { deploymentPayload, releasePayload } from './release-payload.js';

/** One event as a hook tells it. */
export interface HookMessage {
  readonly trigger: HookFlag;
  /** The value of `X-Gitlab-Event`. */
  readonly eventName: string;
  readonly body: string;
}

/** A push that changes more refs of one type than this tells no hook at all. */
const announcedRefs = 3;

/** The flag a hook must have for this event; undefined where GitLab stays silent. */
export function triggerOf(event: WorldEvent): HookFlag | undefined {
  switch (event.kind) {
    case 'push':
      if (event.refsInPush > announcedRefs) return undefined;
      return event.refType === 'tag' ? 'tag_push_events' : 'push_events';
    case 'merge_request':
      return 'merge_requests_events';
    case 'issue':
      return event.issue.confidential ? 'confidential_issues_events' : 'issues_events';
    case 'note':
      return event.note.internal || event.note.issue.confidential ? 'confidential_note_events' : 'note_events';
    case 'pipeline':
      return 'pipeline_events';
    case 'job':
      return 'job_events';
    case 'release':
      return 'releases_events';
    case 'deployment':
      return 'deployment_events';
  }
}

const eventNames: Partial<Record<HookFlag, string>> = {
  push_events: 'Push Hook',
  tag_push_events: 'Tag Push Hook',
  issues_events: 'Issue Hook',
  confidential_issues_events: 'Confidential Issue Hook',
  note_events: 'Note Hook',
  confidential_note_events: 'Confidential Note Hook',
  merge_requests_events: 'Merge Request Hook',
  pipeline_events: 'Pipeline Hook',
  job_events: 'Job Hook',
  releases_events: 'Release Hook',
  deployment_events: 'Deployment Hook',
};

/** What the event is now; later changes do not touch a message that was made. */
export function hookMessage(site: Site, trigger: HookFlag, event: WorldEvent): HookMessage {
  return { trigger, eventName: eventNames[trigger] ?? trigger, body: JSON.stringify(payloadOf(site, event)) };
}

function payloadOf(site: Site, event: WorldEvent): unknown {
  switch (event.kind) {
    case 'push':
      return pushPayload(site, event);
    case 'merge_request':
      return mergeRequestPayload(site, event);
    case 'issue':
      return issuePayload(site, event);
    case 'note':
      return notePayload(site, event);
    case 'pipeline':
      return pipelinePayload(site, event.pipeline);
    case 'job':
      return jobPayload(site, event.project, event.job);
    case 'release':
      return releasePayload(site, event.release, event.action);
    case 'deployment':
      return deploymentPayload(site, event.deployment);
  }
}

/** `push_events_branch_filter` with `*` as a wildcard; empty is every branch. */
export function passesBranchFilter(hook: Hook, event: WorldEvent): boolean {
  const filter = hook.pushEventsBranchFilter;
  if (event.kind !== 'push' || event.refType !== 'branch' || filter === '') return true;
  const pattern = filter.split('*').map((part) => part.replace(/[.+?^${}()|[\]\\]/g, '\\$&'));
  return new RegExp(`^${pattern.join('.*')}$`).test(event.ref);
}

/** What the test button sends: the newest thing of that kind, or undefined where there is none. */
export function sampleEvent(site: Site, project: Project, trigger: HookFlag): WorldEvent | undefined {
  const user = site.world.users.root;
  switch (trigger) {
    case 'push_events': {
      const head = project.repository.branches.get(project.defaultBranch)?.sha;
      const commits = head === undefined ? [] : project.repository.history(head).slice(0, 3).reverse();
      if (head === undefined) return undefined;
      const before = commits[0]?.parents[0] ?? noSha;
      const ref = project.defaultBranch;
      return { kind: 'push', project, user, refType: 'branch', ref, before, after: head, commits, refsInPush: 1 };
    }
    case 'tag_push_events': {
      const tag = [...project.repository.tags.values()].at(-1);
      if (tag === undefined) return undefined;
      const push = { kind: 'push', project, user, refType: 'tag', ref: tag.name, commits: [], refsInPush: 1 } as const;
      return { ...push, before: noSha, after: tag.target };
    }
    case 'merge_requests_events': {
      const mergeRequest = [...project.mergeRequests.values()].at(-1);
      if (mergeRequest === undefined) return undefined;
      return { kind: 'merge_request', project, user, action: 'update', mergeRequest, changes: {} };
    }
    case 'pipeline_events':
    case 'job_events': {
      const pipeline = [...project.pipelines.values()].at(-1);
      const job = pipeline === undefined ? undefined : jobsOf(pipeline).at(-1);
      if (pipeline === undefined) return undefined;
      if (trigger === 'pipeline_events') return { kind: 'pipeline', project, pipeline };
      return job === undefined ? undefined : { kind: 'job', project, job };
    }
    case 'releases_events': {
      const release = [...project.releases.values()].at(-1);
      return release === undefined ? undefined : { kind: 'release', project, action: 'create', release };
    }
    default:
      return issueSample(project, trigger, user);
  }
}
