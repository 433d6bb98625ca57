import { jobDuration } from '../entities/pipeline.js';
import { isoTimeOrNull, projectUrl, secondsBetween, secondsExactly, type Site } from '../entities/site.js';
import { isMergeRequestPipeline, jobsOf, type Job, type Pipeline } from '../model/pipeline.js';
import type { Project } from '../model/project.js';
import {
  commitPayloadOrNull,
  hookTime,
  hookTimeOrNull,
  projectCore,
  repositoryWithUrls,
  userPayload,
} from './payload-parts.js';

export function pipelinePayload(site: Site, pipeline: Pipeline) {
  const { project, parent } = pipeline;
  const jobs = jobsOf(pipeline).filter((job) => !job.retried);
  return {
    object_kind: 'pipeline',
    object_attributes: {
      id: pipeline.id,
      iid: pipeline.iid,
      name: pipeline.name,
      ref: pipeline.ref,
      tag: pipeline.tag,
      sha: pipeline.sha,
      before_sha: pipeline.beforeSha,
      source: pipeline.source,
      status: pipeline.status,
      detailed_status: pipeline.status === 'success' ? 'passed' : pipeline.status,
      stages: [...new Set(jobs.map((job) => job.stage))],
      created_at: hookTime(pipeline.createdAt),
      finished_at: hookTimeOrNull(pipeline.finishedAt),
      duration: secondsBetween(pipeline.startedAt, pipeline.finishedAt),
      queued_duration: secondsBetween(pipeline.createdAt, pipeline.startedAt),
      protected_ref: pipeline.ref === project.defaultBranch,
      variables: [],
      url: `${projectUrl(site, project)}/-/pipelines/${pipeline.id}`,
    },
    merge_request: mergeRequestOf(site, pipeline),
    user: pipeline.user === null ? null : userPayload(pipeline.user),
    project: projectCore(site, project),
    commit: commitPayloadOrNull(site, project, pipeline.sha),
    ...(parent === null ? {} : { source_pipeline: parentPayload(site, parent) }),
    builds: [...jobs].reverse().map(buildPayload),
  };
}

function mergeRequestOf(site: Site, pipeline: Pipeline) {
  const { project } = pipeline;
  const iid = isMergeRequestPipeline(pipeline) ? Number(pipeline.ref.split('/')[2]) : Number.NaN;
  const mergeRequest = project.mergeRequests.get(iid);
  if (mergeRequest === undefined) return null;
  return {
    id: mergeRequest.id,
    iid,
    title: mergeRequest.title,
    source_branch: mergeRequest.sourceBranch,
    source_project_id: project.id,
    target_branch: mergeRequest.targetBranch,
    target_project_id: project.id,
    state: mergeRequest.state,
    merge_status: 'can_be_merged',
    detailed_merge_status: mergeRequest.detailedMergeStatus,
    url: `${projectUrl(site, project)}/-/merge_requests/${iid}`,
  };
}

function parentPayload(site: Site, parent: Pipeline) {
  const { id, web_url, path_with_namespace } = projectCore(site, parent.project);
  return {
    project: { id, web_url, path_with_namespace },
    pipeline_id: parent.id,
    job_id: parent.bridges.at(-1)?.id ?? null,
  };
}

function buildPayload(job: Job) {
  return {
    id: job.id,
    stage: job.stage,
    name: job.name,
    status: job.status,
    created_at: hookTime(job.createdAt),
    started_at: hookTimeOrNull(job.startedAt),
    finished_at: hookTimeOrNull(job.finishedAt),
    duration: jobDuration(job),
    queued_duration: secondsExactly(job.createdAt, job.startedAt),
    failure_reason: job.status === 'failed' ? job.failureReason : null,
    when: 'on_success',
    manual: false,
    allow_failure: job.allowFailure,
    user: job.user === null ? null : userPayload(job.user),
    runner: null,
    artifacts_file: { filename: null, size: null },
    environment: environmentOf(job),
  };
}

function environmentOf(job: Job) {
  const environment = job.pipeline.project.environments.get(job.environment ?? '');
  return job.environment === null
    ? null
    : { name: job.environment, action: 'start', deployment_tier: environment?.tier ?? 'other' };
}

/** A job: flat, and its `commit.id` is the pipeline's id. */
export function jobPayload(site: Site, project: Project, job: Job) {
  const { pipeline } = job;
  const commit = project.repository.find(pipeline.sha);
  return {
    object_kind: 'build',
    ref: pipeline.ref,
    tag: pipeline.tag,
    before_sha: pipeline.beforeSha,
    sha: pipeline.sha,
    retries_count: job.retriesCount,
    build_id: job.id,
    build_name: job.name,
    build_stage: job.stage,
    build_status: job.status,
    build_created_at: hookTime(job.createdAt),
    build_started_at: hookTimeOrNull(job.startedAt),
    build_finished_at: hookTimeOrNull(job.finishedAt),
    build_created_at_iso: isoTimeOrNull(job.createdAt),
    build_started_at_iso: isoTimeOrNull(job.startedAt),
    build_finished_at_iso: isoTimeOrNull(job.finishedAt),
    build_duration: jobDuration(job),
    build_queued_duration: secondsExactly(job.createdAt, job.startedAt),
    build_allow_failure: job.allowFailure,
    build_failure_reason: job.failureReason ?? 'unknown_failure',
    pipeline_id: pipeline.id,
    runner: null,
    project_id: project.id,
    project_name: `${projectCore(site, project).namespace} / ${project.name}`,
    user: job.user === null ? null : userPayload(job.user),
    commit: {
      id: pipeline.id,
      name: pipeline.name,
      sha: pipeline.sha,
      message: commit?.message ?? null,
      author_name: commit?.authorName ?? null,
      author_email: commit?.authorEmail ?? null,
      author_url: null,
      status: pipeline.status,
      duration: secondsBetween(pipeline.startedAt, pipeline.finishedAt),
      started_at: hookTimeOrNull(pipeline.startedAt),
      finished_at: hookTimeOrNull(pipeline.finishedAt),
    },
    repository: repositoryWithUrls(site, project),
    project: projectCore(site, project),
    environment: environmentOf(job),
  };
}
