import type { BareRepository } from '../../git-server/bare-repository.js';
import type { RefUpdate } from '../../git-server/receive-pack.js';
import type { AzureUser } from './identity.js';

export interface AzureProject {
  readonly id: string;
  name: string;
  readonly collection: string;
  readonly repositories: Map<string, AzureRepository>;
  readonly definitions: Map<number, BuildDefinition>;
  readonly builds: Map<number, Build>;
}

/** A branch that takes changes by pull request only, or one that somebody has locked. */
export interface BranchPolicy {
  readonly id: number;
  /** `main`, or a beginning such as `releases/`. */
  readonly branch: string;
  readonly kind: 'pull_request' | 'build' | 'locked';
}

export interface AzurePush {
  readonly pushId: number;
  readonly date: Date;
  readonly by: AzureUser;
  readonly updates: readonly RefUpdate[];
}

export interface CommitStatus {
  readonly id: number;
  readonly sha: string;
  readonly state: string;
  readonly description: string;
  readonly targetUrl: string;
  readonly context: { readonly name: string; readonly genre: string };
  readonly creationDate: Date;
  readonly createdBy: AzureUser;
}

/** A repository: what the REST interface says of it, around a real one. */
export interface AzureRepository {
  readonly id: string;
  readonly project: AzureProject;
  readonly git: BareRepository;
  name: string;
  /** Full name; undefined while nothing was pushed. */
  defaultBranch: string | undefined;
  isDisabled: boolean;
  readonly policies: BranchPolicy[];
  readonly pushes: AzurePush[];
  readonly statuses: CommitStatus[];
  /** Who made a branch may rewrite and delete it. */
  readonly branchCreators: Map<string, AzureUser>;
  /** In bytes; 5 GB unless a test says otherwise. */
  largestPush: number;
}

export type BuildResult = 'succeeded' | 'partiallySucceeded' | 'failed' | 'canceled';
export type BuildStatus = 'notStarted' | 'postponed' | 'inProgress' | 'cancelling' | 'completed';

export interface BuildDefinition {
  readonly id: number;
  readonly name: string;
  readonly project: AzureProject;
  readonly repository: AzureRepository;
  /** Branches whose pushes start it, as beginnings or whole names; empty: none, undefined: all. */
  readonly ciBranches: readonly string[] | undefined;
  /** How its builds pass by themselves; undefined: a test starts and finishes them. */
  readonly course: { readonly queueMs: number; readonly runMs: number; readonly result: BuildResult } | undefined;
}

export interface Build {
  readonly id: number;
  readonly buildNumber: string;
  readonly definition: BuildDefinition;
  readonly sourceBranch: string;
  readonly sourceVersion: string;
  readonly reason: 'individualCI' | 'manual';
  readonly requestedFor: AzureUser;
  readonly queueTime: Date;
  startTime: Date | undefined;
  finishTime: Date | undefined;
  cancelling: boolean;
  result: BuildResult | undefined;
}
