import type { Call } from '../../http/call.js';
import type { Listing } from '../../http/listing.js';
import { pageReply } from '../../http/pagination.js';
import { badParameter, badRequest, forbidden, jsonReply, noContent, notFound, type Reply } from '../../http/reply.js';
import type { Router } from '../../http/router.js';
import { noteEntity } from '../entities/note.js';
import type { Note } from '../model/note.js';
import { InvalidRecord } from '../world/invalid-record.js';
import type { NoteOutcome } from '../world/notes.js';
import { issueOf } from './issue-access.js';
import { answering, badNote } from './refusals.js';

const base = '/projects/:id/issues/:iid/notes';

export function addNoteRoutes(router: Router): void {
  router
    .get(base, list)
    .get(`${base}/:note_id`, (call) => {
      const note = noteOf(call);
      if (!call.world.issueRights.readsNote(note, call.user)) throw notFound('Note');
      return jsonReply(noteEntity(call.site, note));
    })
    .add(
      'POST',
      base,
      answering((call) => {
        const issue = issueOf(call, 'Issue');
        const body = bodyOf(call);
        const createdAt = call.parameters.time('created_at');
        if (!call.world.issueRights.comments(issue, call.user)) throw forbidden();
        const internal = call.parameters.boolean('internal') ?? call.parameters.boolean('confidential') ?? false;
        const options = { body, internal, by: call.user, ...(createdAt === undefined ? {} : { createdAt }) };
        return noteReply(call, () => call.world.notes.write(issue, options), 201);
      }),
    )
    .add('PUT', `${base}/:note_id`, answering(updateNote))
    .add('DELETE', `${base}/:note_id`, deleteNote);
}

/** The note of the path, seen or not. */
export function noteOf(call: Call): Note {
  const issue = issueOf(call, 'Issue');
  const id = call.numericPart('note_id');
  const note = issue.notes.find((each) => each.id === id);
  if (note === undefined) throw notFound();
  return note;
}

export function bodyOf(call: Call): string {
  const body = call.parameters.text('body');
  if (body === undefined) throw badParameter('body is missing');
  return body ?? '';
}

export function updateNote(call: Call): Reply {
  const note = noteOf(call);
  if (!call.world.issueRights.editsNote(note, call.user)) throw forbidden();
  const body = call.parameters.text('body');
  if (body === '') throw badParameter('body is empty');
  if (body === undefined || body === null) return jsonReply(noteEntity(call.site, note));
  return noteReply(call, () => call.world.notes.update(note, body, { by: call.user }), 200);
}

export function deleteNote(call: Call): Reply {
  const note = noteOf(call);
  if (!call.world.issueRights.editsNote(note, call.user)) throw forbidden();
  call.world.notes.delete(note);
  return noContent;
}

/** A text of nothing but commands is answered with 202 and no note; where none of them did anything, with 400. */
export function noteReply(
  call: Call,
  write: () => NoteOutcome,
  status: number,
  shown: (note: Note) => unknown = (note) => noteEntity(call.site, note),
): Reply {
  try {
    const { note, run } = write();
    if (note !== null) return jsonReply(shown(note), status);
    if (run.summary.length === 0) throw badRequest('400 Bad request - Failed to apply commands.');
    const changed = Object.fromEntries(Object.keys(run.patch).map((name) => [name, true]));
    return jsonReply({ commands_changes: changed, summary: run.summary }, 202);
  } catch (error) {
    if (error instanceof InvalidRecord) throw badNote(error);
    throw error;
  }
}

/** Newest first unless asked otherwise. What the user may not see is left out after paging, so pages may be short. */
function list(call: Call): Reply {
  const issue = issueOf(call, 'Issue');
  const { parameters } = call;
  const orderBy = parameters.choice('order_by', ['created_at', 'updated_at']) ?? 'created_at';
  const descending = (parameters.choice('sort', ['asc', 'desc']) ?? 'desc') === 'desc';
  const kind = parameters.choice('activity_filter', ['all_notes', 'only_comments', 'only_activity']) ?? 'all_notes';
  const rows = issue.notes.filter((note) => kind === 'all_notes' || note.system === (kind === 'only_activity'));
  const key = (note: Note): number => (orderBy === 'created_at' ? note.id : note.updatedAt);
  rows.sort((left, right) => key(left) - key(right) || left.id - right.id);
  if (descending) rows.reverse();
  const listing: Listing<Note> = {
    count: rows.length,
    slice: (offset, limit) =>
      rows.slice(offset, offset + limit).filter((note) => call.world.issueRights.readsNote(note, call.user)),
  };
  return pageReply(call, listing, (note) => JSON.stringify(noteEntity(call.site, note)));
}
