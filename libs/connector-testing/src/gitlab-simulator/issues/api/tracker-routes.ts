import type { Router } from '../../http/router.js';
import { addDiscussionRoutes } from './discussions.js';
import { addIssueRoutes } from './issues.js';
import { addLabelRoutes } from './labels.js';
import { addMilestoneRoutes } from './milestones.js';
import { addNoteRoutes } from './notes.js';
import { addResourceEventRoutes } from './resource-events.js';
import { addTimeTrackingRoutes } from './time-tracking.js';
import { addUploadRoutes } from './uploads.js';
import { addUserRoutes } from './users.js';

/** What the API answers about issues and everything around them. */
export function addIssueTrackerRoutes(router: Router): void {
  addIssueRoutes(router);
  addNoteRoutes(router);
  addDiscussionRoutes(router);
  addResourceEventRoutes(router);
  addTimeTrackingRoutes(router);
  addLabelRoutes(router);
  addMilestoneRoutes(router);
  addUploadRoutes(router);
  addUserRoutes(router);
}
