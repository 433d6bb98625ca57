import { azureDevOps } from './connector.js';
import { requireGit } from './git/git-program.js';

// Without git there is nothing this connector can do: the host lists it as unavailable, with this reason.
requireGit();

export { azureDevOps as connector };
export type { AzureDevOpsConfig } from './config.js';
