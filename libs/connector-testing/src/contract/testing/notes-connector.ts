import { createHash, timingSafeEqual } from 'node:crypto';
import {
  ConnectorError,
  type ChangeEvent,
  type Connector,
  type HttpResponse,
  type Instance,
  type Session,
  type SyncSession,
  type WebhookIntake,
} from '@syncline/connector-sdk';
import type { Note } from './notes-server.js';

export interface NotesConfig {
  readonly instance: Instance;
  readonly webhookSecret?: string;
}

interface Page {
  readonly notes: readonly Note[];
  readonly more: boolean;
}

async function get(session: Session, { instance }: NotesConfig, path: string): Promise<unknown> {
  const auth = { authorization: `Bearer ${instance.credentials.token ?? ''}` };
  const response = await session.http(instance).request({ method: 'GET', path, auth });
  refuse(response);
  return response.body;
}

function refuse({ status, body }: HttpResponse): void {
  if (status === 401) {
    throw new ConnectorError('auth', 'The notes server refused the token', { status, hint: 'Make a new token' });
  }
  if (status >= 500) throw new ConnectorError('transient', `The notes server answered ${status}`, { status });
  if (status >= 400) throw new ConnectorError('permanent', `The notes server answered ${status}`, { status });
  if (typeof body !== 'object' || body === null) {
    throw new ConnectorError('config', 'This is not a notes server', { hint: 'Check the base URL' });
  }
}

export function mapNote(note: Note): ChangeEvent {
  const at = new Date(note.changedAt);
  return {
    eventId: `note-${note.id}`,
    version: { updatedAt: at },
    eventType: 'note',
    title: note.text,
    status: note.status,
    project: { id: '1', path: 'notes' },
    occurredAt: at,
    metadata: { words: note.text.split(' ').length },
  };
}

export async function readNotes(
  session: SyncSession,
  config: NotesConfig,
): Promise<{ fetched: number; stored: number }> {
  const counts = { fetched: 0, stored: 0 };
  const commit = async (page: Page, cursor: { after: number } | undefined): Promise<void> => {
    const { created, updated } = await session.commit('notes', { events: page.notes.map(mapNote) }, cursor);
    counts.fetched += page.notes.length;
    counts.stored += created + updated;
  };
  for (const { item } of session.request.wakes) {
    await commit((await get(session, config, `/notes?id=${item ?? ''}`)) as Page, undefined);
  }
  if (session.request.mode === 'wake') return counts;
  let after = Number((await session.checkpoint('notes'))?.['after'] ?? 0);
  for (let more = true; more;) {
    if (session.signal.aborted) throw new ConnectorError('interrupted', 'The run was stopped');
    const page = (await get(session, config, `/notes?after=${after}`)) as Page;
    after = page.notes.at(-1)?.seq ?? after;
    await commit(page, { after });
    more = page.more;
  }
  return counts;
}

const webhook: WebhookIntake<NotesConfig> = {
  verify: ({ headers }, { webhookSecret }) => {
    const digest = (text: string): Buffer => createHash('sha256').update(text).digest();
    const right = timingSafeEqual(digest(headers['x-notes-secret'] ?? ''), digest(webhookSecret ?? ''));
    return right ? { ok: true, unsigned: false } : { ok: false, reason: 'The secret is wrong' };
  },
  identify: ({ headers, rawBody }) => {
    const event = headers['x-notes-event'] ?? '';
    const note = readBody(rawBody);
    const wakes = event === 'note' ? [{ stream: 'notes', scope: '1', item: String(note['id']) }] : [];
    return {
      event,
      dedupKey: createHash('sha256').update(rawBody).digest('hex'),
      wakes,
      transitions: [],
      reason: wakes.length === 0 ? `nothing reads ${event}` : undefined,
      payload: { id: Number(note['id']) },
    };
  },
};

function readBody(rawBody: Uint8Array): Record<string, unknown> {
  try {
    const body = JSON.parse(new TextDecoder().decode(rawBody)) as unknown;
    if (typeof body === 'object' && body !== null && !Array.isArray(body)) return body as Record<string, unknown>;
  } catch (cause) {
    throw new ConnectorError('permanent', 'The delivery is not JSON', { cause });
  }
  throw new ConnectorError('permanent', 'The delivery is not an object');
}

/** The smallest connector that keeps every promise. */
export const notesConnector: Connector<NotesConfig> = {
  check: async (session, config) => {
    try {
      await get(session, config, '/me');
      return { steps: [{ id: 'auth', label: 'Token', ok: true }] };
    } catch (error) {
      const { message, hint } = ConnectorError.from(error);
      return { steps: [{ id: 'auth', label: 'Token', ok: false, hint: hint ?? message }] };
    }
  },
  sync: (session, config) => readNotes(session, config),
  webhook,
};
