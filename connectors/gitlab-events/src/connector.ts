import type { Connector } from '@syncline/connector-sdk';
import { checkGitLab } from './check.js';
import { readSettings, type GitLabEventsConfig } from './config.js';
import { discovery } from './discovery.js';
import { doubtProjects, projectsOfRun } from './project-memory.js';
import { jobsFor } from './streams/all-streams.js';
import { SyncRun } from './sync-run.js';
import { jobsForWakes } from './wakes.js';
import { webhook } from './webhook.js';

/** Records what changes in GitLab projects. How each kind is read: see `streams/`; what becomes of it: `mapping/`. */
export const connector: Connector<GitLabEventsConfig> = {
  check: checkGitLab,

  async sync(session, config) {
    const run = new SyncRun(session, readSettings(config));
    if (session.request.wakes.length > 0) await run.all(await jobsForWakes(run, session.request.wakes));
    if (session.request.mode === 'wake') return run.counts;
    await run.all(jobsFor(run, await projectsOfRun(run)));
    if (run.doubtsProjects) await doubtProjects(run);
    return run.counts;
  },

  discovery,
  webhook,
};
