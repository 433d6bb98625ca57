import type { Users } from '../../world/people.js';
import type { Groups, Projects } from '../../world/projects.js';
import type { WorldCore } from '../../world/world-core.js';
import { IssueRights } from './issue-rights.js';
import { Issues } from './issues.js';
import { Labels } from './labels.js';
import { Milestones } from './milestones.js';
import { Notes } from './notes.js';
import { Notifications } from './notifications.js';
import { QuickActions } from './quick-actions.js';
import type { TrackerContext } from './tracker-context.js';
import { defaultTrackerSettings } from './tracker-settings.js';
import { Uploads } from './uploads.js';

/** The parts of a world that make its issue tracker, tied together. */
export class TrackerWorld {
  readonly context: TrackerContext;
  readonly quickActions: QuickActions;
  readonly issues: Issues;
  readonly notes: Notes;

  constructor(core: WorldCore, users: Users, groups: Groups, projects: Projects) {
    const rights = new IssueRights(projects);
    this.context = {
      core,
      users,
      projects,
      labels: new Labels(core, () => projects.byId.values()),
      milestones: new Milestones(core),
      uploads: new Uploads(core),
      rights,
      notifications: new Notifications(core, users, groups, rights),
      settings: defaultTrackerSettings(),
    };
    this.quickActions = new QuickActions(this.context);
    this.issues = new Issues(this.context, this.quickActions);
    this.notes = new Notes(this.context, this.issues, this.quickActions);
    this.quickActions.onMove((issue, target, by) => this.issues.move(issue, target, { by }));
  }
}
