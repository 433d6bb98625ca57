import type { Call } from '../../http/call.js';
import { listArray } from '../../http/listing.js';
import { pageReply } from '../../http/pagination.js';
import { badParameter, badRequest, forbidden, jsonReply, notFound, type Reply } from '../../http/reply.js';
import type { Router } from '../../http/router.js';
import { discussionEntity, isResolvable, noteEntity } from '../entities/note.js';
import type { Issue } from '../model/issue.js';
import type { Note } from '../model/note.js';
import { issueOf } from './issue-access.js';
import { answering } from './refusals.js';
import { bodyOf, deleteNote, noteOf, noteReply, updateNote } from './notes.js';

const base = '/projects/:id/issues/:iid/discussions';

export function addDiscussionRoutes(router: Router): void {
  router
    .get(base, (call) => {
      const rows = discussionsOf(call, issueOf(call, 'Issue')).filter((notes) => notes.length > 0);
      return pageReply(call, listArray(rows), (notes) => JSON.stringify(discussionEntity(call.site, notes)));
    })
    .get(`${base}/:discussion_id`, (call) => jsonReply(discussionEntity(call.site, discussionOf(call))))
    .get(`${base}/:discussion_id/notes`, (call) =>
      jsonReply(discussionOf(call, 'Notes').map((note) => noteEntity(call.site, note))),
    )
    .add(
      'POST',
      base,
      answering((call) => write(call, { thread: true }, (note) => discussionEntity(call.site, [note]))),
    )
    .add('PUT', `${base}/:discussion_id`, resolve)
    .add(
      'POST',
      `${base}/:discussion_id/notes`,
      answering((call) => {
        const [first] = discussionOf(call);
        if (first === undefined) throw notFound('Discussion');
        if (first.system) throw badRequest('400 Bad request - Discussion can not be replied to.');
        return write(call, { inReplyTo: first }, (note) => noteEntity(call.site, note));
      }),
    )
    .get(`${base}/:discussion_id/notes/:note_id`, (call) => {
      const note = noteOf(call);
      if (!call.world.issueRights.readsNote(note, call.user)) throw notFound('Note');
      return jsonReply(noteEntity(call.site, note));
    })
    .add(
      'PUT',
      `${base}/:discussion_id/notes/:note_id`,
      answering((call) => (call.parameters.has('resolved') ? resolveNote(call) : updateNote(call))),
    )
    .add('DELETE', `${base}/:discussion_id/notes/:note_id`, deleteNote);
}

/** All discussions, oldest first, with the notes that the user sees. */
function discussionsOf(call: Call, issue: Issue): Note[][] {
  const found = new Map<string, Note[]>();
  for (const note of issue.notes) {
    const notes = found.get(note.discussionId) ?? [];
    if (call.world.issueRights.readsNote(note, call.user)) notes.push(note);
    found.set(note.discussionId, notes);
  }
  return [...found.values()];
}

function discussionOf(call: Call, what = 'Discussion'): Note[] {
  const id = call.part('discussion_id');
  const notes = issueOf(call, 'Issue').notes.filter(
    (note) => note.discussionId === id && call.world.issueRights.readsNote(note, call.user),
  );
  if (notes.length === 0) throw notFound(what);
  return notes;
}

function write(call: Call, place: { thread: true } | { inReplyTo: Note }, shown: (note: Note) => unknown): Reply {
  const issue = issueOf(call, 'Issue');
  const body = bodyOf(call);
  const createdAt = call.parameters.time('created_at');
  if (!call.world.issueRights.comments(issue, call.user)) throw forbidden();
  const options = { body, by: call.user, ...place, ...(createdAt === undefined ? {} : { createdAt }) };
  return noteReply(call, () => call.world.notes.write(issue, options), 201, shown);
}

function resolve(call: Call): Reply {
  const resolved = resolvedOf(call);
  const notes = discussionOf(call);
  for (const note of notes) setResolved(call, note, resolved);
  return jsonReply(discussionEntity(call.site, notes));
}

function resolveNote(call: Call): Reply {
  const note = noteOf(call);
  setResolved(call, note, resolvedOf(call));
  return jsonReply(noteEntity(call.site, note));
}

function resolvedOf(call: Call): boolean {
  const resolved = call.parameters.boolean('resolved');
  if (resolved === undefined) throw badParameter('resolved is missing');
  return resolved;
}

function setResolved(call: Call, note: Note, resolved: boolean): void {
  if (!call.world.issueRights.updates(note.issue, call.user)) throw forbidden();
  if (!isResolvable(call.site, note)) throw badRequest('400 Bad request - Note is not resolvable');
  if ((note.resolved !== null) !== resolved) call.world.notes.resolve(note, resolved, { by: call.user });
}
