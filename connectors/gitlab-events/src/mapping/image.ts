import type { ChangeEvent } from '@syncline/connector-sdk';
import type { ProjectRecord, RegistryRepositoryRecord, RegistryTagDetail } from '@syncline/gitlab';
import { eventIds } from './event-ids.js';
import { projectOf, timeText } from './parts.js';

/**
 * What a tag points to at the moment. `digest` is given apart, because without one there is no event.
 *
 * The time is that of the image's config. Indexes and artifacts have none: then it cannot have been earlier than the
 * repository was made, and that is what is said (1970 where the registry hides even that), never the time of the poll.
 */
export function mapImage(
  tag: RegistryTagDetail,
  digest: string,
  repository: RegistryRepositoryRecord,
  project: ProjectRecord,
): ChangeEvent {
  const at = tag.createdAt ?? repository.createdAt ?? new Date(0);
  const exact = tag.createdAt !== null;
  return {
    eventId: eventIds.image(repository.id, tag.name, digest),
    version: { updatedAt: null },
    eventType: 'image',
    title: `${repository.path}:${tag.name}`,
    status: 'published',
    project: projectOf(project),
    url: `${project.url}/container_registry/${repository.id}`,
    occurredAt: at,
    occurredAtPrecision: exact ? 'exact' : 'at_least',
    transitions: exact ? [{ status: 'published', at }] : [],
    metadata: {
      repositoryId: repository.id,
      repositoryPath: repository.path,
      tag: tag.name,
      digest,
      revision: tag.revision,
      sizeBytes: tag.sizeBytes,
      createdAt: timeText(tag.createdAt),
      location: tag.location,
    },
  };
}
