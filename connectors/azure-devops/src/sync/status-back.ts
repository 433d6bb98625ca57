import { ConnectorError, type HttpResponse, type SyncSession } from '@syncline/connector-sdk';
import { createGitLabClient, statusError } from '@syncline/gitlab';
import type { BuildRecord } from '../azure/azure-builds.js';
import type { AzureDevOpsConfig } from '../config.js';
import { shortRef } from '../refs/ref-plan.js';
import type { Ends } from './remotes.js';

/** GitLab cuts nothing: a longer address is refused. */
const longestUrl = 255;

/** GitLab's word for each of Azure DevOps'. */
const words: Readonly<Record<string, string>> = {
  notStarted: 'pending',
  postponed: 'pending',
  inProgress: 'running',
  cancelling: 'running',
  succeeded: 'success',
  partiallySucceeded: 'success',
  failed: 'failed',
  canceled: 'canceled',
};

export interface Told {
  /** What GitLab knows now, by build. */
  readonly told: Readonly<Record<string, string>>;
  /** The first state that it did not take. */
  readonly failure?: ConnectorError;
}

/** Writes what has changed as commit statuses. What GitLab refuses for one commit does not hold up the others. */
export async function reportToGitLab(
  parts: { readonly session: SyncSession; readonly config: AzureDevOpsConfig; readonly ends: Ends },
  builds: readonly BuildRecord[],
  told: Readonly<Record<string, string>>,
): Promise<Told> {
  const now = { ...told };
  let failure: ConnectorError | undefined;
  // Oldest first: of two builds of one commit the newer has the last word.
  for (const build of [...builds].sort((a, b) => a.id - b.id)) {
    const state = words[build.status] ?? 'running';
    if (told[build.id] === state) continue;
    try {
      await report(parts, build, state);
      now[build.id] = state;
    } catch (error) {
      const refused = ConnectorError.from(error);
      if (refused.kind === 'interrupted') throw refused;
      failure ??= refused;
      // GitLab says the same to all others.
      if (refused.kind !== 'permanent' && refused.status !== 404) break;
    }
  }
  return { told: now, ...(failure === undefined ? {} : { failure }) };
}

async function report(
  { session, config, ends }: { readonly session: SyncSession; readonly config: AzureDevOpsConfig; readonly ends: Ends },
  build: BuildRecord,
  state: string,
): Promise<void> {
  const { instance } = config.gitlab;
  const { http, auth } = createGitLabClient(session.http(instance), instance);
  const name = `azure/${build.definition.name}`.slice(0, 255);
  const url = build.url !== undefined && build.url.length <= longestUrl ? { target_url: build.url } : {};
  const description = build.status === 'partiallySucceeded' ? 'partially succeeded' : `${build.number} in Azure DevOps`;
  const base = `/api/v4/projects/${ends.gitLab.id}`;
  const body = { state, name, ref: shortRef(build.ref), description, ...url };
  const answer = await http.request({ method: 'POST', path: `${base}/statuses/${build.sha}`, auth, body });
  if (answer.status === 201 || answer.status === 200) return;
  // A state that is there already is refused, e.g. when the answer to the first report was lost.
  if (answer.status === 400 && /cannot transition/i.test(JSON.stringify(answer.body))) {
    const path = `${base}/repository/commits/${build.sha}/statuses`;
    const known = await http.request({ method: 'GET', path, auth, query: { name } });
    if (latestState(known, name) === state) return;
  }
  if (answer.status === 403) {
    throw new ConnectorError('auth', 'GitLab does not let the token write commit statuses.', {
      hint: 'To report pipelines back, the token needs the scope api and its user the role Developer; or switch statusBack off.',
      status: 403,
    });
  }
  const failure = statusError(answer, { what: `the status of commit ${build.sha}` });
  throw failure ?? new ConnectorError('permanent', `GitLab did not take the status of commit ${build.sha}`);
}

function latestState({ body }: HttpResponse, name: string): unknown {
  if (!Array.isArray(body)) return undefined;
  const found: unknown = body.findLast(
    (one: unknown) => typeof one === 'object' && one !== null && 'name' in one && one.name === name,
  );
  return typeof found === 'object' && found !== null && 'status' in found ? found.status : undefined;
}
