import type { Query } from './asker.js';
import { globalId } from './global-id.js';
import { mergeRequestFields, pipelineFields, releaseFields, repositoryFields } from './selections.js';

/** A list of one project that is read page by page. */
export type ListName = 'mergeRequests' | 'pipelines' | 'releases' | 'containerRepositories';

const lists: Readonly<Record<ListName, { readonly args: string; readonly fields: string; readonly fragment: string }>> =
  {
    mergeRequests: {
      args: 'updatedAfter: $since, sort: UPDATED_ASC',
      fields: mergeRequestFields,
      fragment: 'MergeRequestFields',
    },
    // There is no order but by descending id.
    pipelines: { args: 'updatedAfter: $since', fields: pipelineFields, fragment: 'PipelineFields' },
    releases: { args: 'sort: RELEASED_AT_DESC', fields: releaseFields, fragment: 'ReleaseFields' },
    containerRepositories: { args: 'sort: NAME_ASC', fields: repositoryFields, fragment: 'RepositoryFields' },
  };

/** One page. By id and not by path, which changes when the project is renamed. */
export function listQuery(
  list: ListName,
  projectId: number,
  page: { readonly first: number; readonly after?: string; readonly since?: string },
): Query {
  const { args, fields, fragment } = lists[list];
  const isWalk = args.includes('$since');
  const name = `Syncline${list.charAt(0).toUpperCase()}${list.slice(1)}`;
  return {
    operationName: name,
    text: `query ${name}($ids: [ID!]!, $n: Int!, $after: String${isWalk ? ', $since: Time' : ''}) {
  queryComplexity { score limit }
  projects(ids: $ids, first: 1) {
    nodes {
      id
      ${list}(${args}, first: $n, after: $after) {
        pageInfo { hasNextPage endCursor }
        nodes { ...${fragment} }
      }
    }
  }
}
${fields}`,
    variables: {
      ids: [globalId('Project', projectId)],
      n: page.first,
      after: page.after ?? null,
      ...(isWalk ? { since: page.since ?? null } : {}),
    },
  };
}
