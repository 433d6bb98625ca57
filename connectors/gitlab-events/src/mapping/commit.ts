import type { ChangeEvent } from '@syncline/connector-sdk';
import type { CommitRecord, ProjectRecord } from '@syncline/gitlab';
import { eventIds } from './event-ids.js';
import { descriptionOf, projectOf, sorted, titleOf } from './parts.js';

/** A commit never changes; only the branches it was seen on grow. E-mail addresses are not kept. */
export function mapCommit(commit: CommitRecord, branches: readonly string[], project: ProjectRecord): ChangeEvent {
  const at = commit.committedAt ?? commit.authoredAt ?? new Date(0);
  return {
    eventId: eventIds.commit(project.id, commit.sha),
    version: { updatedAt: null },
    eventType: 'commit',
    title: titleOf(commit.title, commit.shortSha),
    description: descriptionOf(commit.message),
    status: 'committed',
    author: commit.authorName ?? undefined,
    project: projectOf(project),
    url: commit.url ?? `${project.url}/-/commit/${commit.sha}`,
    occurredAt: at,
    transitions: [{ status: 'committed', at }],
    metadata: {
      sha: commit.sha,
      shortSha: commit.shortSha,
      branches: sorted(branches),
      additions: commit.stats?.additions ?? null,
      deletions: commit.stats?.deletions ?? null,
      totalChanges: commit.stats?.total ?? null,
    },
  };
}
