import type { Bridge, Job, Pipeline } from '../model/pipeline.js';
import { commitBySha } from './commit.js';
import { isoTime, isoTimeOrNull, projectUrl, secondsBetween, secondsExactly, type Site } from './site.js';
import { userOrNull } from './user.js';

/** An item of the list. */
export function pipelineEntity(site: Site, pipeline: Pipeline) {
  return {
    id: pipeline.id,
    iid: pipeline.iid,
    project_id: pipeline.project.id,
    sha: pipeline.sha,
    ref: pipeline.ref,
    status: pipeline.status,
    source: pipeline.source,
    created_at: isoTime(pipeline.createdAt),
    updated_at: isoTimeOrNull(pipeline.updatedAt),
    web_url: `${projectUrl(site, pipeline.project)}/-/pipelines/${pipeline.id}`,
    name: pipeline.name,
  };
}

export function pipelineDetail(site: Site, pipeline: Pipeline) {
  const { status } = pipeline;
  return {
    ...pipelineEntity(site, pipeline),
    before_sha: pipeline.beforeSha,
    tag: pipeline.tag,
    yaml_errors: pipeline.yamlErrors,
    user: userOrNull(site, pipeline.user),
    started_at: isoTimeOrNull(pipeline.startedAt),
    finished_at: isoTimeOrNull(pipeline.finishedAt),
    committed_at: null,
    duration: secondsBetween(pipeline.startedAt, pipeline.finishedAt),
    queued_duration: secondsBetween(pipeline.createdAt, pipeline.startedAt),
    coverage: pipeline.coverage === null ? null : pipeline.coverage.toFixed(2),
    detailed_status: {
      icon: `status_${status}`,
      text: status === 'success' ? 'Passed' : status.replace(/^./, (letter) => letter.toUpperCase()),
      label: status === 'success' ? 'passed' : status,
      group: status,
      tooltip: status === 'success' ? 'passed' : status,
      has_details: true,
      details_path: `/${pipeline.project.fullPath}/-/pipelines/${pipeline.id}`,
      illustration: null,
      favicon: `/assets/ci_favicons/favicon_status_${status}.png`,
    },
    archived: false,
  };
}

/** What jobs and bridges have in common. */
function buildEntity(site: Site, job: Job) {
  const { pipeline } = job;
  return {
    id: job.id,
    status: job.status,
    stage: job.stage,
    name: job.name,
    ref: pipeline.ref,
    tag: pipeline.tag,
    coverage: job.coverage,
    allow_failure: job.allowFailure,
    created_at: isoTime(job.createdAt),
    started_at: isoTimeOrNull(job.startedAt),
    finished_at: isoTimeOrNull(job.finishedAt),
    erased_at: null,
    duration: jobDuration(job),
    queued_duration: secondsExactly(job.createdAt, job.startedAt),
    user: userOrNull(site, job.user),
    commit: commitBySha(site, pipeline.project, pipeline.sha),
    pipeline: pipelineEntity(site, pipeline),
    ...(job.status === 'failed' ? { failure_reason: job.failureReason ?? 'unknown_failure' } : {}),
    web_url: jobUrl(site, job),
    project: { ci_job_token_scope_enabled: false },
    archived: false,
    source: pipeline.source,
  };
}

export function jobEntity(site: Site, job: Job) {
  return {
    ...buildEntity(site, job),
    artifacts: [],
    runner: null,
    runner_manager: null,
    artifacts_expire_at: null,
    tag_list: [],
  };
}

/** Seconds, with the fraction GitLab keeps for jobs. */
export function jobDuration(job: Job): number | null {
  return secondsExactly(job.startedAt, job.finishedAt);
}

export function jobUrl(site: Site, job: Job): string {
  return `${projectUrl(site, job.pipeline.project)}/-/jobs/${job.id}`;
}

export function bridgeEntity(site: Site, bridge: Bridge) {
  const { downstream } = bridge;
  return {
    ...buildEntity(site, bridge),
    downstream_pipeline: downstream === null ? null : pipelineEntity(site, downstream),
  };
}
