import type { DeploymentRecord } from '@syncline/gitlab';
import { eventIds } from '../mapping/event-ids.js';
import { mapDeployment } from '../mapping/deployment.js';
import type { WalkedStream } from './walked-stream.js';

/** Deployments; their lists hold all there is to say. */
export const deployments: WalkedStream<DeploymentRecord> = {
  name: 'deployments',
  byBranch: false,
  pages: (reader, projectId, cursor, options) => reader.deployments(projectId, cursor, options),
  one: (reader, projectId, id) => reader.deployment(projectId, id),
  keyOf: (deployment) => deployment.id,
  statusOf: (deployment) => deployment.status,
  eventId: (projectId, id) => eventIds.deployment(projectId, id),
  matches: () => Promise.resolve(true),
  toEvent: (_run, project, deployment) => Promise.resolve(mapDeployment(deployment, project)),
};
