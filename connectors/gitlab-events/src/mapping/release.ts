import type { ChangeEvent } from '@syncline/connector-sdk';
import type { ProjectRecord, ReleaseRecord } from '@syncline/gitlab';
import { eventIds } from './event-ids.js';
import { compareTexts, descriptionOf, projectOf, sorted, timeText, titleOf, usernameOf } from './parts.js';

/**
 * Releases carry no time of their last change: the content decides whether there is something new. One that is announced
 * for the future has happened, so far, only as its creation.
 */
export function mapRelease(release: ReleaseRecord, project: ProjectRecord): ChangeEvent {
  const announced = release.upcoming || release.releasedAt === null;
  const at = (announced ? release.createdAt : release.releasedAt) ?? release.createdAt ?? new Date(0);
  return {
    eventId: eventIds.release(project.id, release.tag),
    version: { updatedAt: null },
    eventType: 'release',
    title: titleOf(release.name, release.tag),
    description: descriptionOf(release.description),
    status: 'published',
    author: usernameOf(release.author),
    project: projectOf(project),
    url: release.url ?? `${project.url}/-/releases/${encodeURIComponent(release.tag)}`,
    occurredAt: at,
    occurredAtPrecision: announced ? 'at_least' : 'exact',
    transitions: announced ? [] : [{ status: 'published', at }],
    metadata: {
      tagName: release.tag,
      releasedAt: timeText(release.releasedAt),
      createdAt: timeText(release.createdAt),
      upcoming: release.upcoming,
      sha: release.commitSha,
      assets: [...release.assets]
        .sort((a, b) => compareTexts(a.name, b.name) || compareTexts(a.url, b.url))
        .map(({ name, url, type }) => ({ name, url, type })),
      milestones: sorted(release.milestones),
    },
  };
}
