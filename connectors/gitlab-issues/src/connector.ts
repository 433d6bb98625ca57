import type { Connector } from '@syncline/connector-sdk';
import { checkGitLabIssues } from './check.js';
import type { GitLabIssuesConfig } from './config.js';
import { discovery } from './discovery.js';
import { pairing } from './pairing.js';
import { people } from './people.js';
import { syncIssues } from './sync.js';
import { webhook } from './webhook.js';

/** Keeps the issues of two GitLab projects in step. How two trackers are kept in step: see the library tracker-sync. */
export const connector: Connector<GitLabIssuesConfig> = {
  check: checkGitLabIssues,
  sync: syncIssues,
  discovery,
  webhook,
  people,
  pairing,
};
