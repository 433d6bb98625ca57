import { Router } from '../http/router.js';
import { addIssueTrackerRoutes } from '../issues/api/tracker-routes.js';
import type { HookSender } from '../webhooks/hook-sender.js';
import { addCommitStatusRoutes } from './commit-statuses.js';
import { addDeploymentRoutes } from './deployments.js';
import { addGroupRoutes } from './groups.js';
import { addHookRoutes } from './hooks.js';
import { addInstanceRoutes } from './instance.js';
import { addMergeRequestRoutes } from './merge-requests.js';
import { addPipelineRoutes } from './pipelines.js';
import { addProjectRoutes } from './projects.js';
import { addRegistryRoutes } from './registry.js';
import { addReleaseRoutes } from './releases.js';
import { addRepositoryRoutes } from './repository.js';

/** Everything this GitLab answers to, below `/api/v4`. */
export function createRoutes(sender: HookSender): Router {
  const router = new Router();
  addInstanceRoutes(router);
  addProjectRoutes(router);
  addGroupRoutes(router);
  addMergeRequestRoutes(router);
  addPipelineRoutes(router);
  addRepositoryRoutes(router);
  addReleaseRoutes(router);
  addCommitStatusRoutes(router);
  addDeploymentRoutes(router);
  addRegistryRoutes(router);
  addHookRoutes(router, sender);
  addIssueTrackerRoutes(router);
  return router;
}
