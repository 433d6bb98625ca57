import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { EventStore } from './event-store.js';
import { addConnection, at, event } from './testing/events.js';
import { DataSource } from 'typeorm';
import { startTestHub, type TestHub } from '../testing/test-hub.js';

interface Message {
  readonly id: string | undefined;
  readonly event: string | undefined;
  readonly data: ReturnType<typeof JSON.parse>;
}

/** Reads messages as an EventSource does. */
async function* messages(response: Response): AsyncGenerator<Message> {
  let text = '';
  for await (const chunk of response.body!.pipeThrough(new TextDecoderStream())) {
    text += chunk;
    for (let end = text.indexOf('\n\n'); end >= 0; end = text.indexOf('\n\n')) {
      const field = (name: string) => new RegExp(`^${name}: (.*)$`, 'm').exec(text.slice(0, end))?.[1];
      const data = field('data');
      yield { id: field('id'), event: field('event'), data: data === undefined ? undefined : JSON.parse(data) };
      text = text.slice(end + 2);
    }
  }
}

describe('the event stream', () => {
  let hub: TestHub;
  let database: DataSource;
  let connection: { id: string; connectorId: string };
  beforeAll(async () => {
    hub = await startTestHub();
    database = hub.hub.app.get(DataSource);
    connection = await addConnection(database);
  });
  afterAll(() => hub.close());

  const apply = (eventId: string, status = 'opened') =>
    database.transaction((manager) =>
      new EventStore(database).apply(manager, connection, [event({ eventId, status })], 'poll', at(1)),
    );
  const open = (query = '', headers: Record<string, string> = {}, signal?: AbortSignal) =>
    fetch(`${hub.url}/api/events/stream${query}`, {
      headers: { authorization: `Bearer ${hub.hub.adminToken}`, ...headers },
      ...(signal ? { signal } : {}),
    });

  it('sends stored events in the shape of the list, and resumes after the last id', async () => {
    const leave = new AbortController();
    const response = await open('?status=failed', {}, leave.signal);
    expect(response.status).toBe(200);
    expect(response.headers.get('content-type')).toMatch('text/event-stream');
    const stream = messages(response);
    const begin = (await stream.next()).value as Message;
    expect(begin.data).toBeUndefined();
    await apply('mr-1-1');
    await apply('mr-1-2', 'failed');
    const message = (await stream.next()).value as Message;
    const { body } = await hub.api('GET', '/api/events?status=failed');
    expect(message).toMatchObject({ event: 'event', data: body.items[0] });
    leave.abort();

    await apply('mr-1-3', 'failed');
    const again = new AbortController();
    const resumed = messages(await open('?status=failed', { 'last-event-id': message.id! }, again.signal));
    expect((await resumed.next()).value).toMatchObject({ id: message.id, data: undefined });
    expect((await resumed.next()).value).toMatchObject({ data: { eventId: 'mr-1-3' } });
    again.abort();
  });

  it('needs a token, and refuses a bad filter before it begins', async () => {
    expect((await fetch(`${hub.url}/api/events/stream`)).status).toBe(401);
    expect((await open('?from=soon')).status).toBe(400);
  });

  it('ends when the hub stops, and does not hold it up', async () => {
    const other = await startTestHub();
    const response = await fetch(`${other.url}/api/events/stream`, {
      headers: { authorization: `Bearer ${other.hub.adminToken}` },
    });
    const stream = messages(response);
    await stream.next();
    await other.close();
    expect((await stream.next().catch(() => ({ done: true }))).done).toBe(true);
  });
});
