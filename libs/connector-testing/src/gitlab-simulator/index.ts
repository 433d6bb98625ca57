export { GitLabSimulator, type GitLabSimulatorOptions } from './simulator.js';
export type { HttpFault, HttpFaultKind, HttpFaultMatch, HttpFaultOptions } from './http/faults.js';
export type { LoggedRequest, RequestLog } from './http/request-log.js';
export type { World } from './world/world.js';
export type { AccessToken, Role, Scope, User } from './model/people.js';
export type { Feature, Group, Project } from './model/project.js';
export type { MergeRequest } from './model/merge-request.js';
export type { Job, Pipeline } from './model/pipeline.js';
export type { Release } from './model/release.js';
export type { Deployment } from './model/deployment.js';
export type { RegistryRepository, RegistryTag } from './model/registry.js';
export type { Hook, HookFlag } from './model/hook.js';
export { openControl } from './control.js';
export { changeWorld, type WorldChange } from './seeding/change-world.js';
export { LivelyWorld, type LivelyOptions } from './seeding/lively-world.js';
export {
  benchSize,
  largeSize,
  seedWorld,
  smallSize,
  type SeededWorld,
  type SeedOptions,
  type SeedSize,
} from './seeding/seed-world.js';
