import type { IssueRights } from '../issues/world/issue-rights.js';
import type { Issues } from '../issues/world/issues.js';
import type { Labels } from '../issues/world/labels.js';
import type { Milestones } from '../issues/world/milestones.js';
import type { Notes } from '../issues/world/notes.js';
import type { Notifications } from '../issues/world/notifications.js';
import type { QuickActions } from '../issues/world/quick-actions.js';
import type { TrackerSettings } from '../issues/world/tracker-settings.js';
import { TrackerWorld } from '../issues/world/tracker-world.js';
import type { Uploads } from '../issues/world/uploads.js';
import { Deployments } from './deployments.js';
import { Git } from './git.js';
import { Hooks } from './hooks.js';
import { JobDirectory } from './job-directory.js';
import { MergeRequests } from './merge-requests.js';
import { Tokens, Users } from './people.js';
import { Pipelines } from './pipelines.js';
import { Groups, Projects } from './projects.js';
import { Registry } from './registry.js';
import { Releases } from './releases.js';
import { WorldCore, type WorldOptions } from './world-core.js';

/**
 * Everything a GitLab instance knows, and the ways to change it. The objects it hands out are live: read them freely,
 * change them only through these methods, or lists, caches and hooks would not follow.
 */
export class World {
  readonly core: WorldCore;
  readonly users: Users;
  readonly tokens: Tokens;
  readonly groups: Groups;
  readonly projects: Projects;
  /** Pushes, branches and tags. */
  readonly git: Git;
  readonly mergeRequests: MergeRequests;
  readonly pipelines: Pipelines;
  readonly jobs = new JobDirectory();
  readonly releases: Releases;
  readonly registry: Registry;
  readonly deployments: Deployments;
  readonly hooks: Hooks;
  readonly issues: Issues;
  readonly notes: Notes;
  readonly labels: Labels;
  readonly milestones: Milestones;
  readonly uploads: Uploads;
  /** Who may do what with issues. */
  readonly issueRights: IssueRights;
  /** Mails and to-dos that would have gone out. */
  readonly notifications: Notifications;
  /** Commands that texts carried in. */
  readonly quickActions: QuickActions;
  readonly trackerSettings: TrackerSettings;

  constructor(options: WorldOptions = {}) {
    this.core = new WorldCore(options);
    this.users = new Users(this.core);
    this.tokens = new Tokens(this.core, this.users);
    this.groups = new Groups(this.core);
    this.projects = new Projects(this.core, this.users);
    this.git = new Git(this.core, this.users);
    const tracker = new TrackerWorld(this.core, this.users, this.groups, this.projects);
    this.issues = tracker.issues;
    this.notes = tracker.notes;
    this.quickActions = tracker.quickActions;
    this.labels = tracker.context.labels;
    this.milestones = tracker.context.milestones;
    this.uploads = tracker.context.uploads;
    this.issueRights = tracker.context.rights;
    this.notifications = tracker.context.notifications;
    this.trackerSettings = tracker.context.settings;
    this.mergeRequests = new MergeRequests(this.core, this.users, this.git, tracker.context);
    this.pipelines = new Pipelines(this.core, this.users, this.jobs);
    this.releases = new Releases(this.core, this.users, this.git);
    this.registry = new Registry(this.core);
    this.deployments = new Deployments(this.core, this.users);
    this.hooks = new Hooks(this.core);
  }

  /** Everything `change` does happens at exactly this moment. */
  at<T>(moment: Date | number, change: () => T): T {
    return this.core.clock.at(moment, change);
  }
}
