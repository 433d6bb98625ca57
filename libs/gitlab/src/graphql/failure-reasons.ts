/**
 * REST names why a job failed by a code, GraphQL by a sentence. Source of the sentences: GitLab's
 * app/presenters/commit_status_presenter.rb, 15.0 to 18.5; where versions differ, all are here.
 */
const sentences: Readonly<Record<string, readonly string[]>> = {
  unknown_failure: ['There is an unknown failure, please try again'],
  api_failure: ['There has been an API failure, please try again'],
  stuck_or_timeout_failure: [
    'There has been a timeout failure or the job got stuck. Check your timeout limits or try again',
  ],
  runner_system_failure: ['There has been a runner system failure, please try again'],
  missing_dependency_failure: ['There has been a missing dependency failure'],
  runner_unsupported: [
    'Your runner is outdated, please upgrade your runner',
    'No runners support the requirements to run this job.',
  ],
  stale_schedule: ['Delayed job could not be executed by some reason, please try again'],
  job_execution_timeout: ['The script exceeded the maximum execution time set for the job'],
  archived_failure: ['The job is archived and cannot be run'],
  unmet_prerequisites: ['The job failed to complete prerequisite tasks'],
  scheduler_failure: [
    'The scheduler failed to assign job to the runner, please try again or contact system administrator',
  ],
  data_integrity_failure: [
    'There has been a structural integrity problem detected, please contact system administrator',
    'There has been an unknown job problem, please contact your system administrator with the job ID to review the logs',
  ],
  forward_deployment_failure: [
    'The deployment job is older than the previously succeeded deployment job, and therefore cannot be run',
  ],
  protected_environment_failure: [
    'The environment this job is deploying to is protected. Only users with permission may successfully run this job.',
  ],
  secrets_provider_not_found: [
    'The secrets provider can not be found',
    'The secrets provider can not be found. Check your CI/CD variables and try again.',
  ],
  project_deleted: ['The job belongs to a deleted project'],
  user_blocked: ['The user who created this job is blocked'],
  ci_quota_exceeded: ['No more CI minutes available', 'No more compute minutes available'],
  no_matching_runner: ['No matching runner available'],
  trace_size_exceeded: ['The job log size limit was reached'],
  builds_disabled: ['The CI/CD is disabled for this project'],
  environment_creation_failure: [
    'This job could not be executed because it would create an environment with an invalid parameter.',
  ],
  deployment_rejected: ['This deployment job was rejected.'],
  ip_restriction_failure: [
    "This job could not be executed because group IP address restrictions are enabled, and the runner's IP address is not in the allowed range.",
  ],
  failed_outdated_deployment_job: ['The deployment job is older than the latest deployment, and therefore failed.'],
};

const codes = new Map(
  Object.entries(sentences).flatMap(([code, texts]) => texts.map((text): [string, string] => [text, code])),
);

/**
 * The code of a failed job's message. A script that failed has none: its log says it all. Undefined for a sentence that is
 * not known here, e.g. because it is written in the language of the token's user.
 */
export function failureReason(message: string | null): string | undefined {
  if (message === null || message === '') return 'script_failure';
  // Some sentences end with a link to the handbook.
  return codes.get(message.replace(/\s*<a .*$/s, '').trim());
}
