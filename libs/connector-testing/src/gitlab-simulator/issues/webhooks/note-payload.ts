import type { Site } from '../../entities/site.js';
import { hookTime, projectPayload, repositoryPayload, userPayload } from '../../webhooks/payload-parts.js';
import type { WorldEvent } from '../../world/world-event.js';
import { issueUrl } from '../entities/issue.js';
import { issueAttributes } from './issue-payload.js';

export function notePayload(site: Site, event: Extract<WorldEvent, { kind: 'note' }>) {
  const { note, project, user } = event;
  const { issue } = note;
  return {
    object_kind: 'note',
    event_type: note.internal || issue.confidential ? 'confidential_note' : 'note',
    user: userPayload(user),
    project_id: project.id,
    project: projectPayload(site, project),
    object_attributes: {
      attachment: null,
      author_id: note.author.id,
      change_position: null,
      commit_id: null,
      created_at: hookTime(note.createdAt),
      discussion_id: note.discussionId,
      id: note.id,
      internal: note.internal,
      line_code: null,
      note: note.body,
      noteable_id: issue.id,
      noteable_type: 'Issue',
      original_position: null,
      position: null,
      project_id: project.id,
      resolved_at: note.resolved === null ? null : hookTime(note.resolved.at),
      resolved_by_id: note.resolved?.by.id ?? null,
      resolved_by_push: null,
      st_diff: null,
      system: note.system,
      type: note.type,
      updated_at: hookTime(note.updatedAt),
      updated_by_id: note.updatedBy?.id ?? null,
      description: note.body,
      url: `${issueUrl(site, issue)}#note_${note.id}`,
      action: event.action,
    },
    repository: repositoryPayload(site, project),
    issue: issueAttributes(site, issue),
  };
}
