import type { ChangeEvent } from '@syncline/connector-sdk';
import type { DeploymentRecord, ProjectRecord } from '@syncline/gitlab';
import { eventIds } from './event-ids.js';
import { projectOf, timeText, usernameOf } from './parts.js';

/** GitLab says when a deployment was created and when it last changed; the latter bounds every later status. */
export function mapDeployment(deployment: DeploymentRecord, project: ProjectRecord): ChangeEvent {
  const { environment, job } = deployment;
  const isNew = deployment.status === 'created';
  return {
    eventId: eventIds.deployment(project.id, deployment.id),
    version: { updatedAt: deployment.updatedAt },
    eventType: 'deployment',
    title: `${deployment.ref} to ${environment.name}`,
    status: deployment.status,
    author: usernameOf(deployment.user),
    project: projectOf(project),
    url:
      job?.url ??
      (environment.id === null ? `${project.url}/-/environments` : `${project.url}/-/environments/${environment.id}`),
    occurredAt: isNew ? deployment.createdAt : (deployment.updatedAt ?? deployment.createdAt),
    occurredAtPrecision: isNew ? 'exact' : 'at_least',
    transitions: [{ status: 'created', at: deployment.createdAt }],
    metadata: {
      id: deployment.id,
      iid: deployment.iid,
      environment: environment.name,
      externalUrl: isWebAddress(environment.url) ? environment.url : null,
      ref: deployment.ref,
      sha: deployment.sha,
      job: job?.name ?? null,
      pipelineId: job?.pipelineId ?? null,
      createdAt: timeText(deployment.createdAt),
    },
  };
}

/** People write anything into an environment's address. */
function isWebAddress(url: string | null): boolean {
  return url !== null && /^https?:\/\//.test(url);
}
