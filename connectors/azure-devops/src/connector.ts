import { ConnectorError, type Connector } from '@syncline/connector-sdk';
import type { AzureDevOpsConfig } from './config.js';
import { syncCode } from './sync/code-sync.js';

/** Carries branches and tags of a GitLab project to a repository in Azure DevOps, with git itself. */
export const azureDevOps: Connector<AzureDevOpsConfig> = {
  check: () => Promise.reject(new ConnectorError('permanent', 'not yet')),
  sync: syncCode,
};
