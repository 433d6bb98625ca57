import { IssueTable } from '../issues/model/issue-table.js';
import type { Label } from '../issues/model/label.js';
import type { Milestone } from '../issues/model/milestone.js';
import type { Upload } from '../issues/model/upload.js';
import type { Deployment, Environment } from './deployment.js';
import type { Hook } from './hook.js';
import type { MergeRequest } from './merge-request.js';
import { OrderedIndex } from './ordered-index.js';
import type { User } from './people.js';
import type { Pipeline } from './pipeline.js';
import type { RegistryRepository } from './registry.js';
import type { Release } from './release.js';
import { Repository } from './repository.js';

export type Visibility = 'private' | 'internal' | 'public';
export type FeatureAccess = 'disabled' | 'private' | 'enabled';

/** The parts of a project that can be switched off, by the name their `<name>_access_level` has in the API. */
export const features = [
  'issues',
  'repository',
  'merge_requests',
  'builds',
  'container_registry',
  'releases',
  'environments',
] as const;
export type Feature = (typeof features)[number];

export interface Group {
  readonly id: number;
  readonly parent: Group | null;
  name: string;
  path: string;
  description: string;
  visibility: Visibility;
  readonly createdAt: number;
  /** Access level by user id. */
  readonly members: Map<number, number>;
  /** Projects of other namespaces that were shared into this group. */
  readonly sharedProjects: Set<Project>;
  readonly labels: Map<string, Label>;
  readonly milestones: Map<number, Milestone>;
}

/** What a project's `/events` list is made of. */
export interface Activity {
  readonly id: number;
  readonly action: string;
  readonly targetType: string | null;
  readonly targetId: number | null;
  readonly targetIid: number | null;
  readonly targetTitle: string | null;
  readonly author: User;
  readonly createdAt: number;
  readonly push?: {
    readonly action: 'created' | 'removed' | 'pushed';
    readonly refType: 'branch' | 'tag';
    readonly ref: string;
    readonly from: string | null;
    readonly to: string | null;
    readonly commitCount: number;
    readonly commitTitle: string | null;
  };
}

export interface ProjectOptions {
  readonly id: number;
  readonly name: string;
  readonly path: string;
  readonly owner: Group | User;
  readonly description: string | null;
  readonly defaultBranch: string;
  readonly visibility: Visibility;
  readonly features: Partial<Record<Feature, FeatureAccess>>;
  readonly topics: readonly string[];
  readonly createdAt: number;
}

/** A project and everything that lives in it. */
export class Project {
  readonly id: number;
  readonly createdAt: number;
  name: string;
  path: string;
  owner: Group | User;
  description: string | null;
  defaultBranch: string;
  visibility: Visibility;
  archived = false;
  markedForDeletionOn: string | null = null;
  updatedAt: number;
  lastActivityAt: number;
  topics: readonly string[];
  readonly features: Record<Feature, FeatureAccess>;
  /** Access level by user id; direct members only. */
  readonly members = new Map<number, number>();

  readonly repository = new Repository();
  readonly mergeRequests = new Map<number, MergeRequest>();
  readonly mergeRequestsByUpdate = new OrderedIndex<MergeRequest>((row) => row.updatedAt);
  readonly mergeRequestsByCreation = new OrderedIndex<MergeRequest>((row) => row.createdAt);
  readonly pipelines = new Map<number, Pipeline>();
  readonly pipelinesByUpdate = new OrderedIndex<Pipeline>((row) => row.updatedAt);
  readonly pipelinesByCreation = new OrderedIndex<Pipeline>((row) => row.id);
  readonly deployments = new Map<number, Deployment>();
  readonly deploymentsByUpdate = new OrderedIndex<Deployment>((row) => row.updatedAt);
  readonly deploymentsByCreation = new OrderedIndex<Deployment>((row) => row.id);
  readonly environments = new Map<string, Environment>();
  readonly releases = new Map<string, Release>();
  readonly registry = new Map<number, RegistryRepository>();
  readonly labels = new Map<string, Label>();
  readonly milestones = new Map<number, Milestone>();
  readonly issues = new IssueTable();
  /** By secret. */
  readonly uploads = new Map<string, Upload>();
  readonly hooks = new Map<number, Hook>();
  readonly activities: Activity[] = [];
  /** Next iid by kind of object. */
  private readonly iids = new Map<string, number>();

  constructor(options: ProjectOptions) {
    this.id = options.id;
    this.name = options.name;
    this.path = options.path;
    this.owner = options.owner;
    this.description = options.description;
    this.defaultBranch = options.defaultBranch;
    this.visibility = options.visibility;
    this.topics = options.topics;
    this.createdAt = options.createdAt;
    this.updatedAt = options.createdAt;
    this.lastActivityAt = options.createdAt;
    this.features = {
      issues: 'enabled',
      repository: 'enabled',
      merge_requests: 'enabled',
      builds: 'enabled',
      container_registry: 'enabled',
      releases: 'enabled',
      environments: 'enabled',
      ...options.features,
    };
  }

  get fullPath(): string {
    return `${namespacePath(this.owner)}/${this.path}`;
  }

  nextIid(kind: string): number {
    const iid = (this.iids.get(kind) ?? 0) + 1;
    this.iids.set(kind, iid);
    return iid;
  }

  /** Uses a chosen iid; later ones follow the highest. */
  takeIid(kind: string, iid: number): number {
    this.iids.set(kind, Math.max(iid, this.iids.get(kind) ?? 0));
    return iid;
  }
}

export function isGroup(owner: Group | User): owner is Group {
  return 'parent' in owner;
}

export function groupPath(group: Group): string {
  return group.parent === null ? group.path : `${groupPath(group.parent)}/${group.path}`;
}

export function namespacePath(owner: Group | User): string {
  return isGroup(owner) ? groupPath(owner) : owner.username;
}

export function namespaceName(owner: Group | User): string {
  if (!isGroup(owner)) return owner.name;
  return owner.parent === null ? owner.name : `${namespaceName(owner.parent)} / ${owner.name}`;
}
