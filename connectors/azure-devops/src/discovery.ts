import type { Discovery, DiscoveryPage } from '@syncline/connector-sdk';
import { createGitLabClient, searchProjects } from '@syncline/gitlab';
import { createAzureClient } from './azure/azure-client.js';
import type { AzureDevOpsConfig } from './config.js';

/** Choices for the form: projects of GitLab (left, the default), projects and repositories of Azure DevOps (right). */
export const discovery: Discovery<AzureDevOpsConfig> = {
  async discover(session, config, { query, side, property = '', cursor }): Promise<DiscoveryPage> {
    if (side === 'right' || property.startsWith('azure')) {
      const { instance, project } = config.azure;
      const client = createAzureClient(session.http(instance), instance);
      const isRepository = property.endsWith('repository') || (property === '' && project !== '');
      const found = isRepository ? await client.git.getRepositories(project) : await client.core.getProjects();
      return { items: choices(found, query) };
    }
    const { instance } = config.gitlab;
    const client = createGitLabClient(session.http(instance), instance);
    const page = cursor === undefined ? 1 : Math.max(1, Number.parseInt(cursor, 10) || 1);
    const { projects, nextPage } = await searchProjects(client, query, page);
    const items = projects.map(({ path, name }) => ({ value: path, label: `${name} (${path})` }));
    return nextPage === undefined ? { items } : { items, nextCursor: String(nextPage) };
  },
};

/** Azure DevOps has no search here: what it lists is filtered. */
function choices(found: readonly { readonly name?: string }[], query = ''): { value: string; label: string }[] {
  return found
    .flatMap(({ name }) => (name === undefined ? [] : [name]))
    .filter((name) => name.toLowerCase().includes(query.toLowerCase()))
    .sort((a, b) => a.localeCompare(b, 'en'))
    .map((name) => ({ value: name, label: name }));
}
