import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout } from 'node:timers/promises';
import type { Json, TestHub } from './test-hub.js';

/** A connector that keeps two stores in step, with every skill such a connector can have. */
export const pairMetadata = {
  id: 'pairs',
  displayName: 'Pairs',
  description: 'Keeps two stores in step.',
  color: '#336699',
  logo: 'logo.svg',
  version: '1.0.0',
  capabilities: ['plan', 'links', 'conflicts', 'items'],
  instanceKinds: [
    { kind: 'pair-store', displayName: 'Store', credentials: [{ name: 'token', label: 'Token' }], baseUrl: {} },
    { kind: 'mute-store', displayName: 'Mute', credentials: [{ name: 'token', label: 'Token' }], baseUrl: {} },
  ],
  configSchema: {
    type: 'object',
    required: ['source', 'target'],
    properties: {
      source: {
        type: 'object',
        title: 'Source',
        required: ['instance', 'project'],
        properties: {
          instance: { type: 'string', title: 'Instance', 'x-instance': 'pair-store' },
          project: { type: 'string', title: 'Project' },
        },
      },
      target: {
        type: 'object',
        title: 'Target',
        required: ['instance', 'project'],
        properties: {
          instance: { type: 'string', title: 'Instance', 'x-instance': 'pair-store' },
          project: { type: 'string', title: 'Project' },
        },
      },
      bidirectional: { type: 'boolean', title: 'Both ways' },
    },
  },
  eventTypes: [],
  defaultIntervalMinutes: 10,
  docs: '# Pairs',
};

/**
 * Its users are what the source's and the target's /users list. Its sync does what the source's /script says, a list of
 * calls of the session such as `['pair.commit', {...}]`; the run's log shows the request and what each call answered.
 */
export const pairSource = `
const get = async (session, instance, path) => {
  const answer = await session.http(instance).request({ method: 'GET', path });
  if (answer.status !== 200) throw new Error('The store answered ' + answer.status + '.');
  return answer.body;
};
const placeOf = ({ instance, project }) => instance.baseUrl + ' ' + project;
const sideOf = (config, side) => (side === 'left' ? config.source : config.target);
const users = async (session, instance) => get(session, instance, '/users');
export const connector = {
  async check() { return { steps: [] }; },
  async sync(session, config) {
    session.log.info('request', { data: session.request });
    for (const [name, ...args] of await get(session, config.source.instance, '/script')) {
      const [port, method] = name.includes('.') ? name.split('.') : [undefined, name];
      const on = port === undefined ? session : port === 'source' ? session.http(config.source.instance) : session[port];
      const answer = await on[method](...args);
      session.log.info(name, { data: { answer: answer instanceof Map ? Object.fromEntries(answer) : answer } });
    }
    return { fetched: 0, stored: 0 };
  },
  pairing: {
    places: ({ source, target }) => ({ left: placeOf(source), right: placeOf(target) }),
    async find(session, config, { kind, side, key }) {
      const { instance, project } = sideOf(config, side);
      const answer = await session.http(instance).request({ method: 'GET', path: '/' + kind + '/' + key });
      if (answer.status === 404) return undefined;
      if (answer.status !== 200) throw new Error('The store answered ' + answer.status + ' to ' + instance.credentials.token);
      const place = placeOf({ instance, project });
      const ref = { instanceId: instance.id, projectId: project, key, ...answer.body };
      return { ref, place, origin: { key: place + ' ' + key, data: { from: side } } };
    },
    async reread(session, config, link, field) {
      const read = async (side) => (await get(session, sideOf(config, side).instance, '/fields/' + link[side].key))[field] ?? null;
      const [left, right] = [await read('left'), await read('right')];
      return { left, right, agree: JSON.stringify(left) === JSON.stringify(right) };
    },
  },
  people: {
    async find(session, instance, usernames) {
      const wanted = new Set(usernames.map((name) => name.toLowerCase()));
      return (await users(session, instance)).filter(({ username }) => wanted.has(username.toLowerCase()));
    },
    async members(session, config, { side, cursor }) {
      const { instance } = sideOf(config, side);
      const all = await users(session, instance);
      const at = Number(cursor ?? 0);
      const next = at + 2 < all.length ? { nextCursor: String(at + 2) } : {};
      return { instanceId: instance.id, people: all.slice(at, at + 2), ...next };
    },
  },
};
`;

/** Waits until a run of the hub has ended. */
export async function endOfRun(hub: TestHub, runId: string): Promise<Json> {
  for (let looks = 0; looks < 600; looks++) {
    const { body } = await hub.api('GET', `/api/runs/${runId}`);
    if (!['queued', 'running'].includes(body.status as string)) return body;
    await setTimeout(50);
  }
  throw new Error(`the run ${runId} does not end`);
}

/** What the calls of a run answered, and its request, by their names. */
export async function answersOf(hub: TestHub, runId: string): Promise<Record<string, Json>> {
  const { body } = await hub.api('GET', `/api/runs/${runId}/logs?limit=500`);
  return Object.fromEntries(
    body.items.map((line: Json) => [line.message, line.message === 'request' ? line.data : line.data?.answer]),
  );
}

/** A store on this machine; what it answers is up to the test. */
export interface TestStore {
  readonly url: string;
  /** Answers by path; a path that is missing is 404. */
  readonly answers: Map<string, unknown>;
  /** `<method> <path>`, in order. */
  readonly requests: string[];
  close(): Promise<void>;
}

/** An answer that is a status alone. */
export class Status {
  constructor(readonly code: number) {}
}

export async function startTestStore(answers: Record<string, unknown> = {}): Promise<TestStore> {
  const known = new Map(Object.entries(answers));
  const requests: string[] = [];
  const server = createServer((request: IncomingMessage, response: ServerResponse) => {
    const path = request.url ?? '';
    requests.push(`${request.method ?? ''} ${path}`);
    response.setHeader('content-type', 'application/json');
    if (!known.has(path)) return void response.writeHead(404).end('{}');
    const answer = known.get(path);
    if (answer instanceof Status) return void response.writeHead(answer.code).end('{}');
    response.end(JSON.stringify(answer));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    answers: known,
    requests,
    close: () => new Promise((resolve) => server.close(() => resolve())),
  };
}
