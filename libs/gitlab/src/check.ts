import { type CheckStep, ConnectorError, type HttpClient, type Instance } from '@syncline/connector-sdk';
import { connectionStage } from '@syncline/remote-http';
import { createGitLabClient, type GitLabClient } from './client.js';
import { parseOne } from './page.js';
import type { TokenRecord, VersionRecord } from './records.js';
import { currentUserSchema, tokenSchema, versionSchema } from './schema/account.js';

/** Tokens that end sooner than this are worth a warning. */
const WARN_DAYS = 14;
const DAY_MS = 24 * 60 * 60 * 1000;

export interface GitLabCheckOptions {
  readonly now?: () => Date;
  /** One of these scopes is needed; default: what reading needs. */
  readonly scopes?: readonly string[];
}

export interface GitLabCheck {
  readonly steps: readonly CheckStep[];
  readonly account?: { readonly id: string; readonly username: string };
  readonly expiresAt?: Date;
  readonly version?: VersionRecord;
  /** All steps passed, so that steps about projects make sense. */
  readonly ok: boolean;
}

/**
 * The part of a connector's check that concerns the instance and its token: connection, account, scope, version. Each
 * failure stops it, because the next steps would fail for the same reason. Throws only `interrupted`.
 */
export async function gitLabCheck(
  http: HttpClient,
  instance: Instance,
  options: GitLabCheckOptions = {},
): Promise<GitLabCheck> {
  const client = createGitLabClient(http, instance);
  const steps: CheckStep[] = [];
  let user: { id: number; username: string };
  try {
    user = parseOne(await client.users.showCurrentUser(), currentUserSchema, "the token's user");
  } catch (error) {
    return { steps: failedAtUser(ConnectorError.from(error), instance, options), ok: false };
  }
  const account = { id: String(user.id), username: user.username };
  steps.push(...chain(instance));
  steps.push({ id: 'auth', label: `Log in as ${user.username}`, ok: true });
  try {
    const token = await readToken(client);
    const scope = scopeStep(token, options);
    steps.push(scope);
    const expiresAt = token?.expiresAt ?? undefined;
    const known = { account, ...(expiresAt === undefined ? {} : { expiresAt }) };
    if (!scope.ok) return { steps, ...known, ok: false };
    const version = await readVersion(client);
    const label = version === undefined ? 'GitLab does not tell its version' : `GitLab ${version.version}`;
    steps.push({ id: 'version', label, ok: true });
    return { steps, ...known, ...(version === undefined ? {} : { version }), ok: true };
  } catch (error) {
    const failure = ConnectorError.from(error);
    if (failure.kind === 'interrupted') throw failure;
    steps.push({ id: 'scope', label: 'Read what the token may do', ok: false, hint: withHint(failure) });
    return { steps, account, ok: false };
  }
}

/** Name, proxy where there is one, TLS where the URL asks for it, and an answer that is GitLab's. */
function chain(instance: Instance): CheckStep[] {
  const { host, hostname, protocol } = new URL(instance.baseUrl);
  const proxy = instance.proxyUrl === undefined ? [] : [{ id: 'proxy', label: 'Pass the proxy', ok: true }];
  const tls = protocol === 'https:' ? [{ id: 'tls', label: `Trust the certificate of ${host}`, ok: true }] : [];
  const dns = { id: 'dns', label: `Find ${hostname}`, ok: true };
  return [dns, ...proxy, ...tls, { id: 'answer', label: `Get an answer of GitLab at ${instance.baseUrl}`, ok: true }];
}

/** Which link of the chain broke: the steps before it have passed, those after it mean nothing. */
function failedAtUser(error: ConnectorError, instance: Instance, options: GitLabCheckOptions): CheckStep[] {
  if (error.kind === 'interrupted') throw error;
  const steps = chain(instance);
  if (error.kind === 'auth' || error.status === 403) {
    const label = 'Log in with the access token';
    const isScope = error.status === 403 && error.kind === 'auth';
    if (!isScope) return [...steps, { id: 'auth', label, ok: false, hint: withHint(error) }];
    // GitLab would be content with `read_user` here, which is not enough for anything that follows.
    return [...steps, { id: 'scope', label, ok: false, hint: `${error.message} ${scopeHint(wantedScopes(options))}` }];
  }
  const broken = steps.findIndex(({ id }) => id === connectionStage(error));
  const at = broken < 0 ? steps.length - 1 : broken;
  return steps
    .slice(0, at + 1)
    .map((step, index) => (index < at ? step : { ...step, ok: false, hint: withHint(error) }));
}

/** Undefined for tokens that cannot ask about themselves: OAuth tokens, and GitLab before 15.5. */
async function readToken(client: GitLabClient): Promise<TokenRecord | undefined> {
  return tolerating([400, 401, 403, 404], async () =>
    parseOne(await client.personalAccessTokens.show(), tokenSchema, 'the access token'),
  );
}

/** `/metadata` is there since 15.2; `/version` before it, too. */
async function readVersion(client: GitLabClient): Promise<VersionRecord | undefined> {
  return tolerating([401, 403, 404], async () =>
    parseOne(await client.metadata.show(), versionSchema, 'the version of GitLab'),
  );
}

async function tolerating<T>(statuses: readonly number[], call: () => Promise<T>): Promise<T | undefined> {
  try {
    return await call();
  } catch (error) {
    if (error instanceof ConnectorError && error.status !== undefined && statuses.includes(error.status))
      return undefined;
    throw error;
  }
}

function scopeStep(token: TokenRecord | undefined, options: GitLabCheckOptions): CheckStep {
  const wanted = wantedScopes(options);
  if (token === undefined) {
    return { id: 'scope', label: 'Scope of the token', ok: true, hint: 'GitLab does not tell what this token may do.' };
  }
  const label = `Scope of the token: ${token.scopes.join(', ') || 'none'}`;
  if (!token.scopes.some((scope) => wanted.includes(scope))) {
    return { id: 'scope', label, ok: false, hint: scopeHint(wanted) };
  }
  const days =
    token.expiresAt === null
      ? undefined
      : Math.floor((token.expiresAt.getTime() - (options.now?.() ?? new Date()).getTime()) / DAY_MS);
  if (days !== undefined && days <= WARN_DAYS) {
    return { id: 'scope', label, ok: true, hint: `The token ends in ${Math.max(0, days)} days. Renew it in time.` };
  }
  return { id: 'scope', label, ok: true };
}

function wantedScopes(options: GitLabCheckOptions): readonly string[] {
  return options.scopes ?? ['api', 'read_api'];
}

function scopeHint(wanted: readonly string[]): string {
  return `Create a token with one of these scopes: ${wanted.join(', ')}.`;
}

function withHint(error: ConnectorError): string {
  return error.hint === undefined ? error.message : `${error.message} ${error.hint}`;
}
