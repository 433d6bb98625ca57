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

/** Asks both sides, creates the repository where that is wanted and it is missing, and remembers the answer. */
export async function lookUpEnds(session: SyncSession, config: AzureDevOpsConfig, azure: AzureClient): Promise<Ends> {
  const { instance, project } = config.gitlab;
  const client = createGitLabClient(session.http(instance), instance);
  const record = await getProject(client, /^\d+$/.test(String(project)) ? Number(project) : project);
  if (record.markedForDeletion) {
    throw new ConnectorError('config', `The project ${record.path} is about to be deleted in GitLab.`, {
      path: '/config/gitlab/project',
    });
  }
  const { project: azureProject, repository, createIfMissing = false } = config.azure;
  const { isNew, ...found } = await findRepository(azure, { project: azureProject, repository, createIfMissing });
  if (isNew) session.log.info(`Created the repository ${found.name} in Azure DevOps`);
  const { id, path, url, defaultBranch } = record;
  const ends: Ends = { gitLab: { id, path, url, ...(defaultBranch === null ? {} : { defaultBranch }) }, azure: found };
  await remember(session, config, ends);
  return ends;
}

/** What was remembered is no longer so: the names lead elsewhere. */
export class EndsMoved extends Error {
  override readonly name = 'EndsMoved';
}

/**
 * Makes sure that the path still leads to the project with this id: after a rename another project may have taken it.
 * Throws `EndsMoved`.
 */
export async function confirmGitLabEnd(session: SyncSession, config: AzureDevOpsConfig, ends: Ends): Promise<void> {
  const { instance } = config.gitlab;
  const { id, path } = ends.gitLab;
  const record = await getProject(createGitLabClient(session.http(instance), instance), id);
  if (record.path !== path) throw new EndsMoved(`the project ${id} is now at ${record.path}`);
}

export async function remember(session: SyncSession, config: AzureDevOpsConfig, ends: Ends): Promise<void> {
  await session.commit(stream, {}, { names: namesOf(config), ends: ends as unknown as JsonObject });
}

export function azureClientOf(session: SyncSession, config: AzureDevOpsConfig): AzureClient {
  return createAzureClient(session.http(config.azure.instance), config.azure.instance);
}
