import { changeIssues } from './issues/seeding/change-issues.js';
import { badRequest, jsonReply, Refusal, type Reply } from './http/reply.js';
import type { HttpFaultKind, HttpFaultOptions } from './http/faults.js';
import { parseGraphQlSettings } from './graphql/parse-settings.js';
import { usualGraphQl } from './graphql/settings.js';
import { changeWorld } from './seeding/change-world.js';
import type { GitLabSimulator } from './simulator.js';

const kinds: Readonly<Record<HttpFaultKind, true>> = {
  error500: true,
  error500_after: true,
  bad_gateway_before: true,
  bad_gateway_after: true,
  unavailable: true,
  gateway_timeout: true,
  gitaly_overloaded: true,
  rate_limited: true,
  rate_limited_app: true,
  reset_before: true,
  reset_after: true,
  truncated_json: true,
  cut_body: true,
  html: true,
  slow: true,
  held: true,
  repeated_page: true,
  unauthorized: true,
  forbidden: true,
  not_found: true,
  resource_lock: true,
  too_large: true,
  unprocessable: true,
  no_route: true,
};

/**
 * Opens `/__sim/` for a simulator that runs in a process of its own:
 * - `GET requests[?since=<mark>]`: counters, and the mark to ask from next time
 * - `GET log`: method, path and query of every request, to be asked again by a bare client; of GraphQL also the
 *   operation and the body
 * - `POST reset[?world=true]`: forgets requests, faults and what GraphQL was made to lack, and builds the world anew
 * - `POST change?percent=1`: changes the world and lists the identities of the changed objects
 * - `POST issues?project=1&edits=10&comments=5&created=2`: changes issues of a project as a person would, and lists them
 * - `POST faults`: adds one, as JSON with `match.path` and `match.query` as regular expressions in text; `DELETE` clears
 * - `GET graphql`: what GraphQL lacks and how it fails; `POST graphql` changes what its JSON names
 * - `POST latency?ms=20`
 * - `POST clock?skip=60000`: moves the instance's clock forward by so many milliseconds
 */
export function openControl(simulator: GitLabSimulator, reseed: () => void): void {
  simulator.openSideDoor((method, path, query, body) => {
    const action = path.startsWith('/__sim/') ? `${method} ${path.slice('/__sim/'.length)}` : undefined;
    return action === undefined ? undefined : Promise.resolve(control(simulator, reseed, action, query, body));
  });
}

function control(
  simulator: GitLabSimulator,
  reseed: () => void,
  action: string,
  query: URLSearchParams,
  body: string,
): Reply {
  switch (action) {
    case 'GET requests':
      return jsonReply(counters(simulator, query.get('since')));
    case 'GET log':
      return jsonReply(
        simulator.requests.all.map(({ method, path, query, operation, body }) => ({
          method,
          path,
          query,
          operation,
          body,
        })),
      );
    case 'POST reset':
      simulator.requests.reset();
      simulator.faults.clear();
      simulator.graphql.set(usualGraphQl);
      if (query.get('world') === 'true') reseed();
      return jsonReply({ reset: true });
    case 'POST change':
      return jsonReply({ changes: changeWorld(simulator.world, Number(query.get('percent') ?? '1')) });
    case 'POST issues':
      return changeIssuesOf(simulator, query);
    case 'POST latency':
      simulator.latencyMs = Number(query.get('ms') ?? '0');
      return jsonReply({ latencyMs: simulator.latencyMs });
    case 'POST clock':
      simulator.skip(Number(query.get('skip') ?? '0'));
      return jsonReply({ now: new Date(simulator.world.core.clock.read()) });
    case 'POST faults':
      return addFault(simulator, body);
    case 'DELETE faults':
      simulator.faults.clear();
      return jsonReply({ cleared: true });
    case 'GET graphql':
      return jsonReply(simulator.graphql.settings);
    case 'POST graphql':
      return changeGraphQl(simulator, body);
    default:
      return jsonReply({ error: `no such control: ${action}` }, 404);
  }
}

function counters(simulator: GitLabSimulator, since: string | null) {
  const { requests } = simulator;
  const selected = since === null ? undefined : requests.since(Number(since));
  const byEndpoint: Record<string, number> = selected === undefined ? Object.fromEntries(requests.byEndpoint) : {};
  const byStatus: Record<string, number> = {};
  const byOperation: Record<string, number> = {};
  for (const request of selected ?? requests.all) {
    byStatus[request.status] = (byStatus[request.status] ?? 0) + 1;
    const { operation } = request;
    if (operation !== undefined) byOperation[operation] = (byOperation[operation] ?? 0) + 1;
    if (selected === undefined) continue;
    const endpoint = request.endpoint ?? 'unexpected';
    byEndpoint[endpoint] = (byEndpoint[endpoint] ?? 0) + 1;
  }
  const unexpected = requests.unexpected.slice(-20).map(({ method, path }) => `${method} ${path}`);
  const total = selected?.length ?? requests.total;
  return { total, byEndpoint, byStatus, byOperation, unexpected, mark: requests.mark() };
}

function changeIssuesOf(simulator: GitLabSimulator, query: URLSearchParams): Reply {
  const project = simulator.world.projects.byId.get(Number(query.get('project')));
  if (project === undefined) return jsonReply({ error: 'no such project' }, 404);
  const number = (name: string): number => Number(query.get(name) ?? '0');
  const changes = { edits: number('edits'), comments: number('comments'), created: number('created') };
  return jsonReply(changeIssues(simulator.world, project, changes));
}

function addFault(simulator: GitLabSimulator, body: string): Reply {
  try {
    simulator.faults.add(parseFault(JSON.parse(body)));
    return jsonReply({ added: true }, 201);
  } catch (error) {
    if (error instanceof Refusal) return error.reply;
    return badRequest(error instanceof Error ? error.message : 'unreadable').reply;
  }
}

function changeGraphQl(simulator: GitLabSimulator, body: string): Reply {
  try {
    simulator.graphql.set(parseGraphQlSettings(body));
    return jsonReply(simulator.graphql.settings);
  } catch (error) {
    return badRequest(error instanceof Error ? error.message : 'unreadable').reply;
  }
}

function parseFault(value: unknown): HttpFaultOptions {
  const fault = record(value);
  const match = record(fault['match'] ?? {});
  const kind = text(fault, 'kind') ?? '';
  if (!isKind(kind)) throw badRequest(`unknown kind of fault: ${kind}`);
  const path = text(match, 'path');
  const query = text(match, 'query');
  return {
    kind,
    match: {
      ...optional('method', text(match, 'method')),
      ...optional('path', path === undefined ? undefined : new RegExp(path)),
      ...optional('query', query === undefined ? undefined : new RegExp(query)),
      ...optional('nth', number(match, 'nth')),
      ...optional('probability', number(match, 'probability')),
    },
    ...optional('times', number(fault, 'times')),
    ...optional('delayMs', number(fault, 'delayMs')),
    ...optional('retryAfterSeconds', number(fault, 'retryAfterSeconds')),
  };
}

function isKind(kind: string): kind is HttpFaultKind {
  return kind in kinds;
}

function record(value: unknown): Readonly<Record<string, unknown>> {
  if (typeof value !== 'object' || value === null) throw badRequest('an object is needed');
  return { ...value };
}

function text(from: Readonly<Record<string, unknown>>, name: string): string | undefined {
  const value = from[name];
  return typeof value === 'string' ? value : undefined;
}

function number(from: Readonly<Record<string, unknown>>, name: string): number | undefined {
  const value = from[name];
  return typeof value === 'number' ? value : undefined;
}

function optional<K extends string, V>(name: K, value: V | undefined): Partial<Record<K, V>> {
  const found: Partial<Record<K, V>> = {};
  if (value !== undefined) found[name] = value;
  return found;
}
