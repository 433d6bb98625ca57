import { isoTime, type Site } from '../../entities/site.js';
import { userEntity } from '../../entities/user.js';
import type { Note } from '../model/note.js';

export function noteEntity(site: Site, note: Note) {
  const { issue } = note;
  const resolvable = isResolvable(site, note);
  const { resolved } = note;
  return {
    id: note.id,
    type: note.type,
    body: note.body,
    author: userEntity(site, note.author),
    created_at: isoTime(note.createdAt),
    updated_at: isoTime(note.updatedAt),
    system: note.system,
    noteable_id: issue.id,
    noteable_type: 'Issue',
    project_id: issue.project.id,
    resolvable,
    ...(resolvable
      ? {
          resolved: resolved !== null,
          resolved_by: resolved === null ? null : userEntity(site, resolved.by),
          resolved_at: resolved === null ? null : isoTime(resolved.at),
        }
      : {}),
    confidential: note.internal,
    internal: note.internal,
    imported: false,
    imported_from: 'none',
    noteable_iid: issue.iid,
    commands_changes: {},
  };
}

/** The notes of one discussion, oldest first. */
export function discussionEntity(site: Site, notes: readonly Note[]) {
  return {
    id: notes[0]?.discussionId ?? '',
    individual_note: notes.length === 1 && notes[0]?.type === null,
    notes: notes.map((note) => noteEntity(site, note)),
  };
}

export function isResolvable(site: Site, note: Note): boolean {
  return site.world.trackerSettings.resolvableThreads && note.type === 'DiscussionNote' && !note.system;
}
