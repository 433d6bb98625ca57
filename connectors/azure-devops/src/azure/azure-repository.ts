import { ConnectorError } from '@syncline/connector-sdk';
import type { GitRepository } from 'azure-devops-node-api/interfaces/GitInterfaces.js';
import type { AzureClient } from './azure-client.js';

/** What is remembered of the repository: ids survive renames. */
export interface AzureRepositoryRecord {
  readonly id: string;
  readonly projectId: string;
  readonly name: string;
  readonly projectName: string;
  /** Full name; absent while nothing was pushed. */
  readonly defaultBranch?: string;
  readonly webUrl?: string;
}

/** Finds the repository by name or id, or makes it where that is wanted. Throws `config` for what its owner can fix. */
export async function findRepository(
  client: AzureClient,
  names: { readonly project: string; readonly repository: string; readonly createIfMissing: boolean },
): Promise<AzureRepositoryRecord & { readonly isNew: boolean }> {
  const { project, repository, createIfMissing } = names;
  try {
    return { ...parse(await client.git.getRepository(repository, project)), isNew: false };
  } catch (error) {
    const failure = ConnectorError.from(error);
    if (failure.status !== 404) throw failure;
    if (/project does not exist/i.test(failure.message)) {
      throw new ConnectorError(
        'config',
        `There is no project ${project} in Azure DevOps, or the token may not see it.`,
        {
          path: '/config/azure/project',
          status: 404,
          cause: failure,
        },
      );
    }
    if (createIfMissing) return { ...(await create(client, project, repository)), isNew: true };
    throw new ConnectorError('config', `There is no repository ${repository} in the project ${project}.`, {
      hint: 'Check its name, or let the connection create it (createIfMissing).',
      path: '/config/azure/repository',
      status: 404,
      cause: failure,
    });
  }
}

async function create(client: AzureClient, project: string, name: string): Promise<AzureRepositoryRecord> {
  try {
    return parse(await client.git.createRepository({ name }, project));
  } catch (error) {
    const failure = ConnectorError.from(error);
    // Somebody was faster, perhaps a run of ours whose answer was lost.
    if (failure.status === 409) return parse(await client.git.getRepository(name, project));
    const message = `The repository ${name} could not be created: ${failure.message}`;
    throw new ConnectorError(failure.kind === 'permanent' ? 'config' : failure.kind, message, {
      hint: 'To create a repository, the token needs the scope Code (manage) and the account the permission "Create repository".',
      path: '/config/azure/createIfMissing',
      status: failure.status,
      retryAt: failure.retryAt,
      cause: failure,
    });
  }
}

/** Makes GitLab's default branch the default here, too, unless it is: Azure DevOps takes the first one pushed. */
export async function setDefaultBranch(
  client: AzureClient,
  repository: AzureRepositoryRecord,
  ref: string,
): Promise<void> {
  const { defaultBranch } = await client.git.getRepository(repository.id, repository.projectId);
  if (defaultBranch === ref) return;
  await client.git.updateRepository({ defaultBranch: ref }, repository.id, repository.projectId);
}

function parse(found: GitRepository): AzureRepositoryRecord {
  const { id, name, project, defaultBranch, webUrl, isDisabled } = found;
  if (id === undefined || name === undefined || project?.id === undefined) {
    throw new ConnectorError('permanent', "Azure DevOps' answer for the repository cannot be read.");
  }
  if (isDisabled === true) {
    throw new ConnectorError('config', `The repository ${name} is disabled in Azure DevOps.`, {
      hint: 'Enable it in the project settings under Repositories.',
      path: '/config/azure/repository',
    });
  }
  return {
    id,
    projectId: project.id,
    name,
    projectName: project.name ?? project.id,
    ...(defaultBranch === undefined ? {} : { defaultBranch }),
    ...(webUrl === undefined ? {} : { webUrl }),
  };
}
