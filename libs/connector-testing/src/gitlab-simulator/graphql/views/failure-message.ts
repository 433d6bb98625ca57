/** What GitLab writes about a failed job, by its reason. Source: app/presenters/commit_status_presenter.rb */
const messages: Readonly<Record<string, string | null>> = {
  // The log says what happened.
  script_failure: null,
  unknown_failure: 'There is an unknown failure, please try again',
  api_failure: 'There has been an API failure, please try again',
  stuck_or_timeout_failure:
    'There has been a timeout failure or the job got stuck. Check your timeout limits or try again',
  runner_system_failure: 'There has been a runner system failure, please try again',
  missing_dependency_failure: 'There has been a missing dependency failure',
  runner_unsupported: 'Your runner is outdated, please upgrade your runner',
  stale_schedule: 'Delayed job could not be executed by some reason, please try again',
  job_execution_timeout: 'The script exceeded the maximum execution time set for the job',
  archived_failure: 'The job is archived and cannot be run',
  unmet_prerequisites: 'The job failed to complete prerequisite tasks',
  scheduler_failure:
    'The scheduler failed to assign job to the runner, please try again or contact system administrator',
  data_integrity_failure:
    'There has been an unknown job problem, please contact your system administrator with the job ID to review the logs',
  forward_deployment_failure:
    'The deployment job is older than the previously succeeded deployment job, and therefore cannot be run',
  user_blocked: 'The user who created this job is blocked',
  ci_quota_exceeded: 'No more compute minutes available',
  no_matching_runner: 'No matching runner available',
  trace_size_exceeded: 'The job log size limit was reached',
  builds_disabled: 'The CI/CD is disabled for this project',
  deployment_rejected: 'This deployment job was rejected.',
};

export function failureMessage(reason: string | null): string | null {
  return (
    messages[reason ?? 'unknown_failure'] ??
    (reason === 'script_failure' ? null : (messages['unknown_failure'] ?? null))
  );
}
