import { ConnectorError, type TrackerComment, type TrackerPlace } from '@syncline/connector-sdk';
import type { GitLabClient } from '../client.js';
import { issueNumber } from './issue-writes.js';
import { mapComment } from './mapping.js';
import { type NoteBody, noteSchema } from './schema.js';
import { readAll } from './whole-list.js';
import { orMissing, sent, written } from './writing.js';

/** Comments of an issue. Answers in threads come in the order of their time, among all others. */
export class Comments {
  private readonly projectId: number;

  constructor(
    private readonly client: GitLabClient,
    private readonly place: TrackerPlace,
  ) {
    this.projectId = Number(place.projectId);
  }

  /** The flat list of notes: the list of discussions would name the threads, but holds every system note as well. */
  async all(issueKey: string): Promise<TrackerComment[]> {
    const order = { sort: 'asc', orderBy: 'created_at', activityFilter: 'only_comments' } as const;
    const iid = issueNumber(issueKey);
    const notes = await readAll(this.client, noteSchema, `the comments of issue ${issueKey}`, (paging) =>
      this.client.issueNotes.all(this.projectId, iid, { ...order, ...paging }),
    );
    return notes.filter(({ system }) => !system).map((note) => mapComment(note, this.place, issueKey));
  }

  async create(issueKey: string, { body, internal }: { body: string; internal: boolean }): Promise<TrackerComment> {
    const iid = issueNumber(issueKey);
    const options = internal ? { internal } : {};
    const call = this.client.issueNotes.create(this.projectId, iid, body, options);
    const note = await this.kept(call, `a comment on issue ${issueKey}`);
    const comment = mapComment(note, this.place, issueKey);
    if (!internal || comment.internal) return comment;
    // GitLab makes an ordinary comment of it where the role is too low: it must not stay.
    await this.delete(issueKey, comment.id);
    throw new ConnectorError('permanent', `GitLab did not keep a comment on issue ${issueKey} internal.`, {
      hint: "It was deleted again. The token's user needs the role Reporter for internal comments.",
      status: 403,
    });
  }

  async update(issueKey: string, id: string, body: string): Promise<TrackerComment> {
    const iid = issueNumber(issueKey);
    const call = this.client.issueNotes.edit(this.projectId, iid, noteNumber(id), { body });
    return mapComment(await this.kept(call, `comment ${id} on issue ${issueKey}`), this.place, issueKey);
  }

  async delete(issueKey: string, id: string): Promise<void> {
    const iid = issueNumber(issueKey);
    await orMissing(sent(this.client.issueNotes.remove(this.projectId, iid, noteNumber(id))));
  }

  /** A text of nothing but quick actions is executed and leaves no note: the answer says what was done instead. */
  private async kept(call: Promise<unknown>, what: string): Promise<NoteBody> {
    const answer = await sent(call);
    if (typeof answer === 'object' && answer !== null && 'commands_changes' in answer && !('id' in answer)) {
      throw new ConnectorError('permanent', `GitLab took ${what} for quick actions and kept no text.`, { status: 202 });
    }
    return written(Promise.resolve(answer), noteSchema, what);
  }
}

function noteNumber(id: string): number {
  if (/^[1-9]\d{0,15}$/.test(id)) return Number(id);
  throw new ConnectorError('permanent', `${id.slice(0, 40)} is not the number of a comment.`, { status: 404 });
}
