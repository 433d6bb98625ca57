import { ConnectorError } from '@syncline/connector-sdk';
import { diskFailure } from './disk-full.js';
import type { GitRemote } from './git-remote.js';
import type { GitResult } from './run-git.js';

interface Rule {
  readonly says: RegExp;
  readonly error: (remote: GitRemote, detail: string) => ConnectorError;
}

/** Of errors about an address that leads elsewhere: the server has moved, or the repository has another name. */
export const movedStatus = 301;

/**
 * What git's words mean for what happens next. git has one exit status for all failures of the network; `LC_ALL=C` makes
 * its words stable, and curl's numbers are in them.
 */
const rules: readonly Rule[] = [
  {
    says: /Authentication failed|could not read (?:Username|Password)|terminal prompts disabled|HTTP Basic: Access denied|returned error: 401/i,
    error: ({ name, url }) =>
      new ConnectorError('auth', `${name} does not accept the token for git at ${url}.`, {
        hint:
          name === 'GitLab'
            ? 'The token needs the scope read_repository (or api), and its user at least the role Reporter.'
            : 'The token may have expired, or lacks the scope Code (read and write), or belongs to another organisation.',
        status: 401,
      }),
  },
  {
    // 203 is how Azure DevOps shows its sign-in page; git takes the page for a repository that is none.
    says: /returned error: 203|not valid: is this a git repository|invalid server response|unexpected http content/i,
    error: ({ name, url }) =>
      new ConnectorError('auth', `${name} answered git with a sign-in page at ${url}.`, {
        hint: 'The token has expired or was revoked. Create a new one and put it into the instance.',
        status: 203,
      }),
  },
  {
    says: /returned error: 30\d|unable to update url base from redirection/i,
    error: ({ name, url }) =>
      new ConnectorError('config', `${name} redirects git from ${url} to another address, which was not followed.`, {
        hint: 'Enter the address it redirects to as the base URL, so that the token goes only where you want it.',
        path: '/baseUrl',
        status: movedStatus,
      }),
  },
  {
    says: /repository .* not found|returned error: 404|could not be found or you don't have permission|TF401019/i,
    error: ({ name, url }) =>
      new ConnectorError('config', `${name} has no repository at ${url}, or hides it from the token.`, {
        hint: 'Check the path. The project may have been renamed, moved or deleted.',
        status: 404,
      }),
  },
  {
    says: /returned error: 403|not allowed to|is disabled/i,
    error: ({ name, url }, detail) =>
      new ConnectorError('config', `${name} denies git access to ${url}.${detail}`, {
        hint: 'The role or the scope is too small, or the repository is disabled or archived.',
        status: 403,
      }),
  },
  {
    says: /SSL certificate problem|certificate verify failed|unable to get local issuer/i,
    error: ({ name }) =>
      new ConnectorError('config', `The certificate of ${name} is not trusted.`, {
        hint: 'Put the PEM text of its certificate authority into the instance.',
        path: '/caCertificate',
      }),
  },
  {
    says: /Could not resolve proxy|Received HTTP code 407|Proxy CONNECT aborted/i,
    error: ({ name }) =>
      new ConnectorError('config', `The proxy on the way to ${name} does not work.`, { path: '/proxyUrl' }),
  },
  {
    says: /Could not resolve host/i,
    error: ({ url }) =>
      new ConnectorError('config', `The host ${new URL(url).hostname} is not found.`, { path: '/baseUrl' }),
  },
];

/** Signs of a cache that cannot be trusted any more. Source: git's messages of its object and ref stores. */
const corruptions =
  /object file .* is empty|loose object .* is corrupt|bad object|broken (?:link|ref)|inflate: data stream error|pack(?:file)? .* (?:corrupt|is far too short|does not match)|unable to read (?:tree|sha1 file)|is not a valid object|not a git repository|index file .* (?:is too small|corrupt)|unable to (?:find|parse) |missing (?:blob|tree|commit)|did not send all necessary objects|bad signature|non-monotonic index|bad config|unexpected line in|bad tree object/i;

/** Where a server refuses without saying for how long. */
const usualWaitMs = 60_000;

function limitFailure({ name }: GitRemote, { stderr, waitMs }: GitResult, now: Date): ConnectorError | undefined {
  const isLimit = /returned error: 429/i.test(stderr);
  // A server that is only down does not say when it will be back.
  if (!isLimit && !(waitMs !== undefined && /returned error: 503/i.test(stderr))) return undefined;
  return new ConnectorError('rate_limit', `${name} takes no more git requests at the moment.`, {
    retryAt: new Date(now.getTime() + (waitMs ?? usualWaitMs)),
    status: isLimit ? 429 : 503,
  });
}

/** Words for an answer that was lost, or a server that was not itself: worth the same question once more. */
const lost =
  /returned error: 50[0-4]|RPC failed|early EOF|unexpected disconnect|hung up|Connection (?:reset|refused|timed out)|Empty reply|Recv failure|Send failure|transfer closed|outstanding read data/i;

export function wasLost({ code, stderr, waitMs }: GitResult): boolean {
  return code !== 0 && waitMs === undefined && lost.test(stderr) && diskFailure(stderr) === undefined;
}

/** The error for a failed transfer; what is not known is worth another try, as networks are. */
export function gitFailure(remote: GitRemote, result: GitResult, now = new Date()): ConnectorError {
  const full = diskFailure(result.stderr);
  if (full !== undefined) return full;
  const limited = limitFailure(remote, result, now);
  if (limited !== undefined) return limited;
  const words = lastWords(result.stderr);
  for (const { says, error } of rules)
    if (says.test(result.stderr)) return error(remote, words === '' ? '' : ` (${words})`);
  return new ConnectorError('transient', `git could not talk to ${remote.name}: ${words || `status ${result.code}`}`);
}

export function looksCorrupt({ stderr }: Pick<GitResult, 'stderr'>): boolean {
  return corruptions.test(stderr);
}

/** The last lines that mean something, in one. */
export function lastWords(stderr: string): string {
  const lines = stderr
    .split(/[\r\n]+/)
    .map((line) => line.trim())
    .filter((line) => line !== '' && !/^(?:hint:|Everything up-to-date|To http)/.test(line));
  return lines.slice(-3).join('; ').slice(0, 500);
}
