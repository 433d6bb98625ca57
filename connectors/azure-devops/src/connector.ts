import type { Connector } from '@syncline/connector-sdk';
import { checkAzureDevOps } from './check.js';
import type { AzureDevOpsConfig } from './config.js';
import { discovery } from './discovery.js';
import { syncCode } from './sync/code-sync.js';
import { webhook } from './webhook.js';

/** Carries branches and tags of a GitLab project to a repository in Azure DevOps, with git itself. */
export const azureDevOps: Connector<AzureDevOpsConfig> = {
  check: checkAzureDevOps,
  sync: syncCode,
  discovery,
  webhook,
};
