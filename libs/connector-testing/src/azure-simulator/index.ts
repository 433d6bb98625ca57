export type { BadTokenAnswer } from './http/azure-auth.js';
export type { AzureScope, AzureUser, GitPermission, PersonalAccessToken } from './model/identity.js';
export type {
  AzureProject,
  AzureRepository,
  BranchPolicy,
  Build,
  BuildDefinition,
  BuildResult,
  BuildStatus,
} from './model/repository.js';
export { AzureSimulator, type AzureSimulatorOptions } from './simulator.js';
export type { AzureWorld } from './world/azure-world.js';
export type { NewDefinition } from './world/builds.js';
