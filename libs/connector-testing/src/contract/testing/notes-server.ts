import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface Note {
  readonly id: number;
  text: string;
  status: 'written' | 'struck';
  /** Grows with every change of any note: the place in the feed of changes. */
  seq: number;
  changedAt: string;
}

export const notesToken = 'notes-token-3f9a77c1';
const pageSize = 2;

/** A small remote system: a feed of changed notes, two a page, behind a bearer token. */
export class NotesServer {
  private readonly notes = new Map<number, Note>();
  private seq = 0;

  private constructor(
    private readonly server: Server,
    private readonly now: () => Date,
  ) {}

  static async start(now: () => Date): Promise<NotesServer> {
    const server = createServer();
    const notes = new NotesServer(server, now);
    server.on('request', (request, response) => {
      const { status, body } = notes.answer(request.headers.authorization, new URL(request.url ?? '/', 'http://notes'));
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    return notes;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  write(id: number, text: string, status: Note['status'] = 'written'): void {
    this.seq += 1;
    this.notes.set(id, { id, text, status, seq: this.seq, changedAt: this.now().toISOString() });
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    this.server.close();
    await once(this.server, 'close');
  }

  private answer(authorization: string | undefined, url: URL): { status: number; body: unknown } {
    if (authorization !== `Bearer ${notesToken}`) return { status: 401, body: { message: 'unauthorized' } };
    if (url.pathname === '/me') return { status: 200, body: { name: 'reader' } };
    const after = Number(url.searchParams.get('after') ?? 0);
    const wanted = url.searchParams.get('id');
    const changed = [...this.notes.values()]
      .filter((note) => note.seq > after && (wanted === null || note.id === Number(wanted)))
      .sort((a, b) => a.seq - b.seq);
    return { status: 200, body: { notes: changed.slice(0, pageSize), more: changed.length > pageSize } };
  }
}
