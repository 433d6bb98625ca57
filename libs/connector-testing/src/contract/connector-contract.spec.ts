import { describe, expect, it } from '@jest/globals';
import type { Connector, HttpClient, SyncSession } from '@syncline/connector-sdk';
import { connectorContract, connectorContractCases } from './connector-contract.js';
import { mapNote, notesConnector, readNotes, type NotesConfig } from './testing/notes-connector.js';
import { notesFixture } from './testing/notes-fixture.js';
import type { Note } from './testing/notes-server.js';

connectorContract(notesFixture('notes', notesConnector));

/** The names of the promises that a connector breaks. */
async function broken(changes: Partial<Connector<NotesConfig>>): Promise<string[]> {
  const names: string[] = [];
  for (const { name, run } of connectorContractCases(notesFixture('broken', { ...notesConnector, ...changes }))) {
    await run().catch(() => names.push(name));
  }
  return names;
}

/** The example with another session between it and the host. */
function through(change: (session: SyncSession) => Partial<SyncSession>): Partial<Connector<NotesConfig>> {
  return { sync: (session, config) => readNotes({ ...session, ...change(session) }, config) };
}

/** Asks again at once, three times, whatever the remote says. */
function impatientClient({ instance }: NotesConfig): HttpClient {
  return {
    request: async ({ path, auth }) => {
      let answer: Response | undefined;
      for (let attempt = 0; attempt < 3 && answer?.ok !== true; attempt += 1) {
        answer = await fetch(`${instance.baseUrl}${path}`, { headers: auth });
      }
      const body: unknown = await answer?.json().catch(() => undefined);
      return { status: answer?.status ?? 500, headers: {}, body, url: path };
    },
  };
}

describe('the contract finds', () => {
  it('a cursor that is stored before its records', async () => {
    const early = through((session) => ({
      commit: async (stream, records, cursor) => {
        await session.commit(stream, {}, cursor);
        return session.commit(stream, records, undefined);
      },
    }));
    expect(await broken(early)).toContain('loses and doubles nothing when it dies after any commit');
  });

  it('a cursor that moves although the commit failed', async () => {
    const careless = through((session) => ({
      commit: (stream, records, cursor) =>
        session.commit(stream, records, cursor).catch(() => session.commit(stream, {}, cursor)),
    }));
    expect(await broken(careless)).toContain('heals after any commit that failed');
  });

  it('a time that comes from the poll', async () => {
    const polled = through((session) => ({
      commit: (stream, { events = [] }, cursor) =>
        session.commit(stream, { events: events.map((event) => ({ ...event, occurredAt: session.now() })) }, cursor),
    }));
    expect(await broken(polled)).toContain('stores the same whenever it looks: no time comes from the poll');
  });

  it('a field that metadata.json does not declare', async () => {
    const chatty = through((session) => ({
      commit: (stream, { events = [] }, cursor) =>
        session.commit(stream, { events: events.map((event) => ({ ...event, metadata: { mood: 'good' } })) }, cursor),
    }));
    expect(await broken(chatty)).toContain(
      'emits events as metadata.json declares them, with ids of their own and times of the past',
    );
  });

  it('a token in a log line', async () => {
    const leaky: Partial<Connector<NotesConfig>> = {
      sync: (session, config) => {
        session.log.debug(`reading with ${config.instance.credentials.token ?? ''}`);
        return readNotes(session, config);
      },
    };
    expect(await broken(leaky)).toEqual([
      'lets no secret out while all goes well',
      'lets no secret out when the credentials are refused or the remote fails',
    ]);
  });

  it('requests that ignore Retry-After', async () => {
    const impatient: Partial<Connector<NotesConfig>> = {
      sync: (session, config) => readNotes({ ...session, http: () => impatientClient(config) }, config),
    };
    expect(await broken(impatient)).toEqual(
      expect.arrayContaining([
        'obeys Retry-After: asks nothing before that time, and then goes on',
        // Nor do they listen to the signal.
        'ends promptly when it is aborted while the remote keeps it waiting',
      ]),
    );
  });

  it('a check that throws', async () => {
    const check = (): Promise<never> => Promise.reject(new Error('no route'));
    expect(await broken({ check })).toEqual(
      expect.arrayContaining(['names the failing step and a remedy when the credentials are wrong']),
    );
  });

  it('a webhook port that believes everybody, and one that is not declared', async () => {
    const { webhook } = notesConnector;
    if (webhook === undefined) throw new Error('the example has a webhook port');
    const trusting = { ...webhook, verify: () => ({ ok: true, unsigned: false }) as const };
    expect(await broken({ webhook: trusting })).toEqual([
      'accepts a delivery with the right secret and refuses one with a wrong or no secret',
    ]);
    expect(await broken({ webhook: undefined })).toEqual(['has the ports its metadata.json names, and no others']);
  });

  it('changes that a cursor skips', async () => {
    const skipping = through((session) => ({
      checkpoint: async (stream) => ((await session.checkpoint(stream)) === undefined ? undefined : { after: 6 }),
    }));
    expect(await broken(skipping)).toContain('knows after a change what a first sync would know');
  });
});

describe('the example of the kit', () => {
  it('maps a note to an event', () => {
    const note: Note = { id: 4, text: 'a b c', status: 'struck', seq: 9, changedAt: '2026-01-05T10:00:00.000Z' };
    expect(mapNote(note)).toMatchObject({ eventId: 'note-4', status: 'struck', metadata: { words: 3 } });
  });
});
