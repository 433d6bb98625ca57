import { ConnectorError, type ErrorKind, type HttpResponse } from '@syncline/connector-sdk';
import { errorText, isHtml } from './error-text.js';

/** What was asked, for the sentence: `the merge requests of project 7`. */
export interface ErrorContext {
  readonly what: string;
  /** A project or group itself was asked for: that it is missing is a fault of the configuration. */
  readonly isContainer?: boolean;
  /** Only to recognise kinds of tokens that cannot work; never part of a message. */
  readonly token?: string;
}

interface Rule {
  readonly kind: ErrorKind;
  readonly says: (what: string) => string;
  readonly hint?: string;
}

const TEMPORARY: Rule = { kind: 'transient', says: (what) => `GitLab could not answer for ${what} at the moment` };
const REFUSED: Rule = { kind: 'permanent', says: (what) => `GitLab refused the request for ${what}` };

/** Status to kind. What needs a look into the body comes first, in `special`. */
const RULES: Readonly<Record<number, Rule>> = {
  400: REFUSED,
  401: {
    kind: 'auth',
    says: () => 'GitLab does not accept the access token',
    hint: 'Create a new token with the scope api, or read_api where nothing is written, and put it into the instance.',
  },
  403: {
    kind: 'permanent',
    says: (what) => `GitLab denies access to ${what}`,
    hint: "The feature is switched off in the project, or the role of the token's user is too low (Reporter is needed).",
  },
  404: {
    kind: 'permanent',
    says: (what) => `GitLab does not know ${what}`,
    hint: "It was deleted or moved, or the token's user may not see it: GitLab does not tell the two apart.",
  },
  405: { kind: 'permanent', says: (what) => `GitLab does not allow this request for ${what}` },
  408: TEMPORARY,
  409: { kind: 'permanent', says: (what) => `GitLab reports a conflict at ${what}` },
  412: { kind: 'permanent', says: (what) => `GitLab refused because ${what} has changed meanwhile` },
  413: { kind: 'permanent', says: (what) => `The content for ${what} is too large for GitLab` },
  414: { kind: 'permanent', says: (what) => `The address of ${what} is too long for GitLab` },
  422: REFUSED,
  429: { kind: 'rate_limit', says: () => 'GitLab takes no more requests from this account at the moment' },
};

/** What an error can be told from. */
type Answer = Pick<HttpResponse, 'status' | 'headers' | 'body'>;

/** The error for an answer that is not a success; undefined for 2xx with JSON, and for 304. */
export function statusError(response: Answer, context: ErrorContext): ConnectorError | undefined {
  const { status, body } = response;
  if (isHtml(body) && (status < 500 || status === 501)) return notGitLab(status);
  if ((status >= 200 && status < 300) || status === 304) return undefined;
  if (status >= 300 && status < 400) return moved(response, context);
  const special = specialError(response, context);
  if (special !== undefined) return special;
  const rule = RULES[status] ?? (status >= 500 ? TEMPORARY : REFUSED);
  const retryAt = rule.kind === 'rate_limit' ? new Date(Date.now() + 60_000) : undefined;
  return new ConnectorError(rule.kind, sentence(rule.says(context.what), status, errorText(body)), {
    hint: rule.hint,
    status,
    retryAt,
  });
}

function specialError({ status, body }: Answer, context: ErrorContext): ConnectorError | undefined {
  const text = errorText(body);
  if (status === 401 && context.token?.startsWith('gldt-')) {
    return new ConnectorError('auth', 'This is a deploy token, which GitLab does not accept for its API.', {
      hint: 'Deploy tokens are for git and the registry. Use a personal, project or group access token with the scope read_api.',
      status,
    });
  }
  if (status === 401 && text !== undefined && /revoked/i.test(text)) return tokenEnded('was revoked', status);
  if (status === 401 && text !== undefined && /expired/i.test(text)) return tokenEnded('has expired', status);
  if (status === 403 && isInsufficientScope(body)) {
    const scope = scopeOf(body) ?? 'read_api';
    return new ConnectorError('auth', `The access token may not read ${context.what}: its scope is too small.`, {
      hint: `Create a token with one of these scopes: ${scope.split(/\s+/).join(', ')}.`,
      status,
    });
  }
  if (status === 409 && text !== undefined && /resource lock/i.test(text)) {
    return new ConnectorError(
      'transient',
      sentence(`GitLab is busy with another change of ${context.what}`, status, text),
      { status },
    );
  }
  if (status === 404 && context.isContainer) {
    return new ConnectorError('config', `GitLab does not know ${context.what} (404).`, {
      hint: "Check its path or id, and that the token's user is a member: GitLab hides what a user may not see.",
      status,
    });
  }
  return undefined;
}

function tokenEnded(how: string, status: number): ConnectorError {
  return new ConnectorError('auth', `The access token ${how}.`, {
    hint: 'Create a new token with the scope api, or read_api where nothing is written, and put it into the instance.',
    status,
  });
}

function notGitLab(status: number): ConnectorError {
  return new ConnectorError('config', 'This is not a GitLab API: it answered with an HTML page.', {
    hint: 'Check the base URL: the address of GitLab itself, with its path prefix if it has one, without /api/v4. A login page of a proxy in between looks the same.',
    path: '/baseUrl',
    status,
  });
}

function moved({ status, headers }: Answer, context: ErrorContext): ConnectorError {
  const location = headers['location'] ?? '';
  const target = URL.canParse(location) ? new URL(location).origin : 'another place';
  return new ConnectorError('config', `GitLab redirects the request for ${context.what} to ${target}.`, {
    hint: 'Use the address it redirects to as base URL, or the new path of the project.',
    status,
  });
}

function isInsufficientScope(body: unknown): boolean {
  return typeof body === 'object' && body !== null && 'error' in body && body.error === 'insufficient_scope';
}

function scopeOf(body: unknown): string | undefined {
  if (typeof body !== 'object' || body === null || !('scope' in body)) return undefined;
  return typeof body.scope === 'string' && /^[\w ]{1,200}$/.test(body.scope) ? body.scope : undefined;
}

/** GitLab's own text often begins with the status, which is then not said twice. */
function sentence(says: string, status: number, text: string | undefined): string {
  if (text === undefined) return `${says} (${status}).`;
  return text.startsWith(`${status} `) ? `${says} (${text}).` : `${says} (${status}: ${text}).`;
}
