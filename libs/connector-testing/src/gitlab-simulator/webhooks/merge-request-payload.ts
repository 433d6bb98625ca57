import { projectUrl, type Site } from '../entities/site.js';
import { labelPayload } from '../issues/webhooks/label-payload.js';
import { owners } from '../issues/world/labels.js';
import { mergeRequestStateIds, type MergeRequest } from '../model/merge-request.js';
import type { User } from '../model/people.js';
import type { Project } from '../model/project.js';
import type { FieldChanges, WorldEvent } from '../world/world-event.js';
import { commitPayloadOrNull, hookTime, projectPayload, repositoryPayload, userPayload } from './payload-parts.js';

export function mergeRequestPayload(site: Site, event: Extract<WorldEvent, { kind: 'merge_request' }>) {
  const { mergeRequest, project, user } = event;
  const labels = labelPayloads(project, mergeRequest.labels);
  const { assignees, reviewers } = mergeRequest;
  return {
    object_kind: 'merge_request',
    event_type: 'merge_request',
    user: userPayload(user),
    project: projectPayload(site, project),
    object_attributes: {
      ...attributes(site, mergeRequest),
      labels,
      action: event.action,
      ...(event.oldrev === undefined ? {} : { oldrev: event.oldrev }),
    },
    labels,
    changes: changePayload(project, event.changes),
    repository: repositoryPayload(site, project),
    ...(assignees.length === 0 ? {} : { assignees: assignees.map(userPayload) }),
    ...(reviewers.length === 0
      ? {}
      : { reviewers: reviewers.map((reviewer) => reviewerPayload(mergeRequest, reviewer)) }),
  };
}

function attributes(site: Site, mergeRequest: MergeRequest) {
  const { project } = mergeRequest;
  const shownProject = projectPayload(site, project);
  return {
    id: mergeRequest.id,
    iid: mergeRequest.iid,
    target_branch: mergeRequest.targetBranch,
    source_branch: mergeRequest.sourceBranch,
    source_project_id: project.id,
    target_project_id: project.id,
    author_id: mergeRequest.author?.id ?? null,
    assignee_id: mergeRequest.assignees[0]?.id ?? null,
    assignee_ids: mergeRequest.assignees.map((user) => user.id),
    reviewer_ids: mergeRequest.reviewers.map((user) => user.id),
    title: mergeRequest.title,
    description: mergeRequest.description,
    created_at: hookTime(mergeRequest.createdAt),
    updated_at: hookTime(mergeRequest.updatedAt),
    milestone_id: mergeRequest.milestone?.id ?? null,
    state: mergeRequest.state,
    state_id: mergeRequestStateIds[mergeRequest.state],
    blocking_discussions_resolved: true,
    draft: mergeRequest.draft,
    work_in_progress: mergeRequest.draft,
    first_contribution: false,
    merge_status: 'can_be_merged',
    detailed_merge_status: mergeRequest.detailedMergeStatus,
    merge_commit_sha: mergeRequest.mergeCommitSha,
    merge_user_id: mergeRequest.mergeUser?.id ?? null,
    head_pipeline_id: null,
    last_edited_at: null,
    last_edited_by_id: null,
    total_time_spent: 0,
    time_change: 0,
    human_total_time_spent: null,
    human_time_change: null,
    human_time_estimate: null,
    url: `${projectUrl(site, project)}/-/merge_requests/${mergeRequest.iid}`,
    source: shownProject,
    target: shownProject,
    last_commit: commitPayloadOrNull(site, project, mergeRequest.sha),
  };
}

function reviewerPayload(mergeRequest: MergeRequest, user: User) {
  const approved = mergeRequest.approvals.some((approval) => approval.user === user);
  return { ...userPayload(user), state: approved ? 'approved' : 'unreviewed', re_requested: false };
}

function labelPayloads(project: Project, names: readonly string[]) {
  return names.flatMap((name) => {
    const label = owners(project)
      .find((owner) => owner.labels.has(name))
      ?.labels.get(name);
    return label === undefined ? [] : [labelPayload(label)];
  });
}

function changePayload(project: Project, changes: FieldChanges) {
  const shown = (field: string, value: unknown): unknown => {
    if (field === 'updated_at' && typeof value === 'number') return hookTime(value);
    return field === 'labels' && Array.isArray(value) ? labelPayloads(project, value.map(String)) : value;
  };
  return Object.fromEntries(
    Object.entries(changes).map(([field, { previous, current }]) => [
      field,
      { previous: shown(field, previous), current: shown(field, current) },
    ]),
  );
}
