import type { Site } from '../entities/site.js';
import type { Credentials } from '../http/authentication.js';
import type { HttpFault } from '../http/faults.js';
import { htmlReply, jsonReply, type Reply } from '../http/reply.js';
import type { VariableValues } from './analysis/selected-fields.js';
import { PreparedQueries } from './prepared-queries.js';
import { runQuery } from './run-query.js';
import { buildSchemaWithout, requireFields } from './schema/build-schema.js';
import { usualGraphQl, type GraphQlSettings } from './settings.js';
import { Viewer } from './viewer.js';

/** Characters that a query may have; variables do not count. Source: app/controllers/graphql_controller.rb */
const queryMaximum = 10_000;

/** `POST /api/graphql`. */
export class GraphQlEndpoint {
  private current: GraphQlSettings;
  private queries: PreparedQueries;

  constructor(
    private readonly site: () => Site,
    settings: Partial<GraphQlSettings> = {},
  ) {
    this.current = { ...usualGraphQl, ...settings };
    this.queries = prepared(this.current);
  }

  get settings(): GraphQlSettings {
    return this.current;
  }

  /**
   * Changes what is named and leaves the rest.
   * @throws {Error} where a field, argument or word is named that was never there.
   */
  set(change: Partial<GraphQlSettings>): void {
    const next = { ...this.current, ...change };
    this.queries = prepared(next);
    this.current = next;
  }

  answer(body: string, credentials: Credentials | undefined, fault?: HttpFault): Reply {
    const { mode } = this.current;
    if (mode === 'absent') {
      return htmlReply(404, 'The page could not be found or you do not have permission to view it');
    }
    if (mode === 'html') return htmlReply(200, 'Sign in · GitLab');
    const site = this.site();
    const viewer = authenticated(site, credentials);
    if (!(viewer instanceof Viewer)) return viewer;
    const request = parseRequest(body);
    if ('status' in request) return request;
    const answer = runQuery(this.queries, {
      ...request,
      viewer,
      site,
      settings: this.current,
      repeatsFirstPage: fault?.kind === 'repeated_page',
    });
    if (answer !== 'aborted') return jsonReply(answer, 200, jsonType);
    return errorReply(503, 'Request timed out. Please try a less complex query or a smaller set of records.');
  }
}

function prepared({ lacking, failing, timeouts, statementTimeouts }: GraphQlSettings): PreparedQueries {
  requireFields([failing, timeouts, statementTimeouts].flatMap((fields) => Object.keys(fields)));
  return new PreparedQueries(buildSchemaWithout(lacking));
}

const jsonType = { 'Content-Type': 'application/json; charset=utf-8' };

function errorReply(status: number, message: string, headers: Readonly<Record<string, string>> = {}): Reply {
  return jsonReply({ errors: [{ message }] }, status, { ...jsonType, ...headers });
}

const invalidToken = errorReply(401, 'Invalid token');

/** The answer of a fault that looks different here than in REST. */
export function graphQlFaultReply(fault: HttpFault): Reply | undefined {
  switch (fault.kind) {
    case 'error500':
      return errorReply(500, 'Internal server error');
    case 'unauthorized':
      return invalidToken;
    case 'forbidden':
      return errorReply(403, 'API not accessible for user');
    case 'gitaly_overloaded':
      return errorReply(503, 'Upstream Gitaly has been exhausted. Try again later', {
        'Retry-After': String(fault.retryAfterSeconds ?? 1),
      });
    default:
      return undefined;
  }
}

/** Nobody without a token; a token that does not do is refused, whatever the reason, in the same words. */
function authenticated({ world }: Site, credentials: Credentials | undefined): Viewer | Reply {
  if (credentials === undefined) return new Viewer(world, undefined);
  const token = world.tokens.find(credentials.value);
  if (token?.user === undefined || token.kind === 'job' || credentials.jobHeader) return invalidToken;
  const reads = token.scopes.some((scope) => scope === 'api' || scope === 'read_api');
  if (token.revoked || world.tokens.expired(token) || !reads) return invalidToken;
  if (token.user.state === 'blocked') return errorReply(403, 'API not accessible for user');
  token.lastUsedAt = world.core.clock.read();
  return new Viewer(world, token.user);
}

interface ParsedRequest {
  readonly query: string;
  readonly operationName: string | undefined;
  readonly variables: VariableValues;
}

function parseRequest(body: string): ParsedRequest | Reply {
  const parsed = parseObject(body);
  if (parsed === undefined) return jsonReply({ status: 400, error: 'Bad Request' }, 400);
  const { query, operationName, variables } = parsed;
  const text = typeof query === 'string' ? query : '';
  if (text.length > queryMaximum) return errorReply(422, 'Query too large');
  const values = variablesOf(variables);
  if (values === undefined) return errorReply(422, `Invalid variables: ${JSON.stringify(variables)}`);
  const name = typeof operationName === 'string' && operationName !== '' ? operationName : undefined;
  return { query: text, operationName: name, variables: values };
}

/** An object, or one written as text. */
function variablesOf(given: unknown): VariableValues | undefined {
  if (given === undefined || given === null || given === '') return {};
  if (typeof given === 'string') return parseObject(given);
  return typeof given === 'object' && !Array.isArray(given) ? { ...given } : undefined;
}

function parseObject(text: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : undefined;
  } catch {
    return undefined;
  }
}

/** The name of the operation in a request, for the log: as told beside the query, or as written in it. */
export function operationOf(body: string): string | undefined {
  const { query, operationName } = parseObject(body) ?? {};
  if (typeof operationName === 'string' && operationName !== '') return operationName;
  return typeof query === 'string' ? /(?:^|[\s}])query\s+([A-Za-z_]\w*)/.exec(query)?.[1] : undefined;
}
