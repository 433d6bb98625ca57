/**
 * What is read from GitLab, independent of how it was read: REST and GraphQL make the same records, and what only one of
 * them knows is left out. Enumerations are strings in small letters: GitLab adds values. Times are GitLab's own in whole
 * seconds, because GraphQL tells no more; `null` where reality has none.
 */

export interface UserRecord {
  readonly id: number | null;
  readonly username: string;
  readonly name: string | null;
}

/** `disabled`, `private` (members only), `enabled`; null: the remote did not say. */
export type FeatureAccess = string | null;

export interface ProjectRecord {
  readonly id: number;
  /** Full path, `group/sub/project`; changes when the project is renamed or moved. */
  readonly path: string;
  readonly name: string;
  readonly url: string;
  /** Null for an empty repository, or where the token may not see code. */
  readonly defaultBranch: string | null;
  readonly archived: boolean;
  readonly markedForDeletion: boolean;
  readonly lastActivityAt: Date | null;
  readonly features: {
    readonly mergeRequests: FeatureAccess;
    readonly builds: FeatureAccess;
    readonly repository: FeatureAccess;
    readonly releases: FeatureAccess;
    readonly environments: FeatureAccess;
    readonly containerRegistry: FeatureAccess;
  };
}

export interface GroupRecord {
  readonly id: number;
  readonly path: string;
  readonly name: string;
  readonly url: string;
}

export interface MergeRequestRecord {
  readonly id: number;
  readonly iid: number;
  readonly projectId: number;
  readonly title: string;
  readonly description: string | null;
  /** `opened`, `closed`, `merged`, `locked`. */
  readonly state: string;
  readonly draft: boolean;
  readonly createdAt: Date;
  readonly updatedAt: Date | null;
  readonly mergedAt: Date | null;
  readonly closedAt: Date | null;
  readonly author: UserRecord | null;
  readonly mergedBy: UserRecord | null;
  readonly assignees: readonly UserRecord[];
  readonly reviewers: readonly UserRecord[];
  readonly sourceBranch: string;
  readonly targetBranch: string;
  /** Head of the source branch. */
  readonly sha: string | null;
  readonly mergeCommitSha: string | null;
  readonly labels: readonly string[];
  readonly milestone: string | null;
  /** `can_be_merged`, ...; for a GitLab too old for the detailed one. */
  readonly mergeStatus: string | null;
  readonly detailedMergeStatus: string | null;
  readonly userNotesCount: number;
  readonly upvotes: number;
  readonly downvotes: number;
  readonly url: string;
  /** Where the list brought them along; absent: they have to be asked for. */
  readonly details?: MergeRequestDetails;
}

export interface MergeRequestDetails {
  readonly approvedBy: readonly UserRecord[];
  /** Paths after the change, in the order of the diff. */
  readonly changedFiles: readonly string[];
  /** More files changed than were read. */
  readonly changedFilesTruncated: boolean;
}

export interface PipelineRecord {
  readonly id: number;
  readonly iid: number | null;
  readonly projectId: number | null;
  readonly sha: string;
  readonly ref: string;
  readonly status: string;
  readonly source: string | null;
  readonly createdAt: Date | null;
  /** Null for pipelines that nothing has touched since they were made (external ones). */
  readonly updatedAt: Date | null;
  /** Of its merge request, where it has one and the list told; absent: it may have one. */
  readonly sourceBranch?: string;
  /** Where the list brought them along; absent: they have to be asked for. */
  readonly details?: PipelineDetails;
}

export interface PipelineDetails {
  readonly durationSeconds: number | null;
  readonly queuedSeconds: number | null;
  readonly coverage: string | null;
  readonly user: UserRecord | null;
  readonly startedAt: Date | null;
  readonly finishedAt: Date | null;
  /** Last try of each failed job; only for a failed pipeline, otherwise empty. */
  readonly failedJobs: readonly JobRecord[];
  readonly failedJobsTruncated: boolean;
}

export interface JobRecord {
  readonly id: number;
  readonly name: string;
  readonly stage: string | null;
  readonly status: string;
  /** The pipeline does not fail because of it. */
  readonly allowFailure: boolean;
  readonly failureReason: string | null;
  readonly startedAt: Date | null;
  readonly finishedAt: Date | null;
}

export interface ReleaseRecord {
  /** Identifies the release in its project. */
  readonly tag: string;
  readonly name: string | null;
  readonly description: string | null;
  readonly createdAt: Date | null;
  /** May lie in the future. */
  readonly releasedAt: Date | null;
  readonly upcoming: boolean;
  readonly author: UserRecord | null;
  readonly commitSha: string | null;
  readonly milestones: readonly string[];
  /** Links; without the source archives. */
  readonly assets: readonly { readonly name: string; readonly url: string; readonly type: string | null }[];
  readonly url: string | null;
}

export interface CommitRecord {
  readonly sha: string;
  readonly shortSha: string;
  readonly title: string;
  readonly message: string | null;
  readonly authorName: string | null;
  readonly authorEmail: string | null;
  readonly authoredAt: Date | null;
  readonly committedAt: Date | null;
  readonly parentShas: readonly string[];
  /** Null where the remote left the numbers out. */
  readonly stats: { readonly additions: number; readonly deletions: number; readonly total: number } | null;
  readonly url: string | null;
}

export interface BranchHead {
  readonly name: string;
  readonly sha: string;
}

export interface RegistryRepositoryRecord {
  readonly id: number;
  /** Empty for the image at the project's root. */
  readonly name: string;
  readonly path: string;
  readonly location: string;
  readonly createdAt: Date | null;
  /** Null, or `delete_scheduled`, `delete_ongoing`, `delete_failed`. */
  readonly status: string | null;
}

export interface RegistryTagRecord {
  readonly name: string;
  readonly path: string;
  readonly location: string;
  /** Where the list brought it along; absent: it has to be asked for. */
  readonly detail?: RegistryTagDetail;
}

export interface RegistryTagDetail {
  readonly name: string;
  readonly path: string;
  readonly location: string;
  readonly digest: string | null;
  readonly revision: string | null;
  readonly shortRevision: string | null;
  /** From the image's config: when it was built, not when it was pushed. Null for indexes and artifacts. */
  readonly createdAt: Date | null;
  readonly sizeBytes: number | null;
}

export interface DeploymentRecord {
  readonly id: number;
  readonly iid: number | null;
  readonly ref: string;
  readonly sha: string;
  readonly status: string;
  readonly createdAt: Date;
  readonly updatedAt: Date | null;
  readonly user: UserRecord | null;
  readonly environment: { readonly id: number | null; readonly name: string; readonly url: string | null };
  readonly job: {
    readonly id: number;
    readonly name: string;
    readonly status: string;
    readonly finishedAt: Date | null;
    readonly url: string | null;
    readonly pipelineId: number | null;
  } | null;
}

export interface VersionRecord {
  readonly version: string;
  readonly enterprise: boolean | null;
}

/** What `/personal_access_tokens/self` says of the presented token. */
export interface TokenRecord {
  readonly id: number;
  readonly name: string | null;
  readonly scopes: readonly string[];
  readonly active: boolean | null;
  readonly revoked: boolean | null;
  /** The day on which it ends, as midnight UTC at its start; null: never. */
  readonly expiresAt: Date | null;
}
