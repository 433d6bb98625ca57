import type { Call } from '../../http/call.js';
import { badRequest, jsonReply, Refusal, type Reply } from '../../http/reply.js';
import { InvalidRecord } from '../world/invalid-record.js';
import { DuplicatedIssue, MoveRefused, SpamDetected, Unprocessable } from '../world/issue-fields.js';

/** A handler whose refusals by the tracker become GitLab's answers. */
export function answering(handler: (call: Call) => Reply | Promise<Reply>): (call: Call) => Promise<Reply> {
  return async (call) => {
    try {
      return await handler(call);
    } catch (error) {
      throw refusalOf(error, call) ?? error;
    }
  };
}

function refusalOf(error: unknown, call: Call): Refusal | undefined {
  if (error instanceof InvalidRecord) return new Refusal(jsonReply({ message: error.messages }, 400));
  if (error instanceof DuplicatedIssue) return new Refusal(jsonReply({ message: 'Duplicated issue' }, 409));
  if (error instanceof Unprocessable) return new Refusal(jsonReply({ message: '422 Unprocessable Entity' }, 422));
  if (error instanceof MoveRefused) return badRequest(error.message);
  if (!(error instanceof SpamDetected)) return undefined;
  const base = ['Your issue has been recognized as spam and has been discarded.'];
  const message = call.world.trackerSettings.spamAnswer === 'base' ? { base } : { error: 'Spam detected' };
  return new Refusal(jsonReply({ message }, 400));
}

/** How Ruby shows a note's errors: `400 Bad request - Note {:note=>["can't be blank"]}`. */
export function badNote(error: InvalidRecord): Refusal {
  const shown = Object.entries(error.messages).map(([field, texts]) => `:${field}=>${JSON.stringify(texts)}`);
  return badRequest(`400 Bad request - Note {${shown.join(', ')}}`);
}
