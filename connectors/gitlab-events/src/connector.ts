import type { Connector } from '@syncline/connector-sdk';
import { GitLabMemories } from '@syncline/gitlab';
import { announceReads } from './announce.js';
import { checkGitLab } from './check.js';
import { readSettings, type GitLabEventsConfig } from './config.js';
import { discovery } from './discovery.js';
import { doubtProjects, projectsOfRun } from './project-memory.js';
import { jobsFor } from './streams/all-streams.js';
import { SyncRun } from './sync-run.js';
import { jobsForWakes } from './wakes.js';
import { webhook } from './webhook.js';

/**
 * Records what changes in GitLab projects. How each kind is read: see `streams/`; what becomes of it: `mapping/`. What was
 * found out about instances, and answers that several connections share, live in `memories`: as long as the process.
 */
export function createConnector(memories = new GitLabMemories()): Connector<GitLabEventsConfig> {
  return {
    check: checkGitLab,

    async sync(session, config, connectionId) {
      const run = new SyncRun(session, readSettings(config), memories, connectionId);
      if (session.request.wakes.length > 0) await run.all(await jobsForWakes(run, session.request.wakes));
      if (session.request.mode === 'wake') return run.counts;
      run.projects = await projectsOfRun(run);
      await announceReads(run);
      await run.all(jobsFor(run, run.projects));
      if (run.doubtsProjects) await doubtProjects(run);
      return run.counts;
    },

    discovery,
    webhook,
  };
}

export const connector = createConnector();
