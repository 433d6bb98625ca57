import { ConnectorError, type JsonObject, type SyncSession } from '@syncline/connector-sdk';
import { createGitLabClient, getProject } from '@syncline/gitlab';
import { createAzureClient, type AzureClient } from '../azure/azure-client.js';
import { findRepository, type AzureRepositoryRecord } from '../azure/azure-repository.js';
import type { AzureDevOpsConfig } from '../config.js';

/** The two ends of a connection, as last seen. Ids survive renames, so a poll needs no question about names. */
export interface Ends {
  readonly gitLab: {
    readonly id: number;
    readonly path: string;
    readonly url: string;
    /** Short name; absent while the repository is empty. */
    readonly defaultBranch?: string;
  };
  readonly azure: AzureRepositoryRecord;
}

type Project = Awaited<ReturnType<typeof getProject>>;

/** The stream whose checkpoint remembers the ends. */
const stream = 'remotes';

/** What names the ends in the config: with other names, what is remembered counts no more. */
function namesOf({ gitlab, azure }: AzureDevOpsConfig): string {
  return JSON.stringify([gitlab.instance.id, gitlab.project, azure.instance.id, azure.project, azure.repository]);
}

/** The ends as remembered, or undefined. */
export async function rememberedEnds(session: SyncSession, config: AzureDevOpsConfig): Promise<Ends | undefined> {
  const cursor = await session.checkpoint(stream);
  // Only what `lookUpEnds` wrote.
  return cursor?.['names'] === namesOf(config) ? (cursor['ends'] as unknown as Ends) : undefined;
}

/**
 * Asks both sides, creates the repository where that is wanted and it is missing, and remembers the answer. What was known
 * is asked for by its id first: its name may lead to somebody else by now.
 */
export async function lookUpEnds(
  session: SyncSession,
  config: AzureDevOpsConfig,
  azure: AzureClient,
  known?: Ends,
): Promise<Ends> {
  const record = await findProject(session, config, known?.gitLab.id);
  if (record.markedForDeletion) {
    throw new ConnectorError('config', `The project ${record.path} is about to be deleted in GitLab.`, {
      path: '/config/gitlab/project',
    });
  }
  const { isNew, ...found } = await findTarget(session, config, azure, known?.azure);
  if (isNew) session.log.info(`Created the repository ${found.name} in Azure DevOps`);
  const { id, path, url, defaultBranch } = record;
  const ends: Ends = { gitLab: { id, path, url, ...(defaultBranch === null ? {} : { defaultBranch }) }, azure: found };
  if (session.request.kind === 'sync') await remember(session, config, ends);
  return ends;
}

async function findProject(session: SyncSession, config: AzureDevOpsConfig, id: number | undefined): Promise<Project> {
  const { instance, project } = config.gitlab;
  const client = createGitLabClient(session.http(instance), instance);
  const known = id === undefined ? undefined : await unlessMissing(getProject(client, id));
  return known ?? getProject(client, /^\d+$/.test(String(project)) ? Number(project) : project);
}

async function findTarget(
  { request }: SyncSession,
  { azure: { project, repository, createIfMissing = false } }: AzureDevOpsConfig,
  client: AzureClient,
  known: AzureRepositoryRecord | undefined,
): ReturnType<typeof findRepository> {
  const ids =
    known === undefined ? undefined : { project: known.projectId, repository: known.id, createIfMissing: false };
  const found = ids === undefined ? undefined : await unlessMissing(findRepository(client, ids));
  if (found !== undefined) return found;
  if (request.kind === 'sync') return findRepository(client, { project, repository, createIfMissing });
  // A plan creates nothing: without an id the repository counts as one that is still to be made.
  const there = findRepository(client, { project, repository, createIfMissing: false });
  const toBeMade = { id: '', projectId: '', name: repository, projectName: project, isNew: false };
  return createIfMissing ? ((await unlessMissing(there)) ?? toBeMade) : there;
}

async function unlessMissing<T>(answer: Promise<T>): Promise<T | undefined> {
  try {
    return await answer;
  } catch (error) {
    if (ConnectorError.from(error).status === 404) return undefined;
    throw error;
  }
}

/** What was remembered is no longer so: the names lead elsewhere, or another branch is the default one. */
export class EndsMoved extends Error {
  override readonly name = 'EndsMoved';
}

/**
 * Makes sure that the path still leads to the project with this id: after a rename another project may have taken it.
 * And that the default branch is still the one a run without a ref is about. Throws `EndsMoved`.
 */
export async function confirmGitLabEnd(session: SyncSession, config: AzureDevOpsConfig, ends: Ends): Promise<void> {
  const { instance } = config.gitlab;
  const { id, path, defaultBranch = null } = ends.gitLab;
  const record = await getProject(createGitLabClient(session.http(instance), instance), id);
  if (record.path !== path) throw new EndsMoved(`the project ${id} is now at ${record.path}`);
  if (record.defaultBranch !== defaultBranch) throw new EndsMoved(`another branch of ${path} is the default one`);
}

export async function remember(session: SyncSession, config: AzureDevOpsConfig, ends: Ends): Promise<void> {
  await session.commit(stream, {}, { names: namesOf(config), ends: ends as unknown as JsonObject });
}

export function azureClientOf(session: SyncSession, config: AzureDevOpsConfig): AzureClient {
  return createAzureClient(session.http(config.azure.instance), config.azure.instance);
}
