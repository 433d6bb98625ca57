import type { JsonObject } from '@syncline/connector-sdk';
import type { Query } from './asker.js';
import { globalId } from './global-id.js';
import { tagFields } from './selections.js';

/** 3 points each; every one makes GitLab ask the registry once. */
export const publishedAtOnce = 20;
/** About 21 points each. */
export const tagListsAtOnce = 10;
/** GitLab's page of tags is no larger. */
const tagsAtOnce = 20;

export function lastPublishedQuery(repositoryIds: readonly number[]): Query {
  const one = (index: number): string => `r${index}: containerRepository(id: $r${index}) { id lastPublishedAt }`;
  return aliased('SynclinePublished', repositoryIds, one);
}

/** First pages of several repositories, or further ones of a single one. */
export function tagsQuery(
  repositoryIds: readonly number[],
  page: { readonly newestFirst?: boolean; readonly after?: string } = {},
): Query {
  const sort = page.newestFirst === true ? 'PUBLISHED_AT_DESC' : 'NAME_ASC';
  const one = (index: number): string => `r${index}: containerRepository(id: $r${index}) {
    id lastPublishedAt
    tags(first: ${tagsAtOnce}, sort: ${sort}, after: $after) { pageInfo { hasNextPage endCursor } nodes { ...TagFields } }
  }`;
  const query = aliased('SynclineTags', repositoryIds, one, ', $after: String');
  return { ...query, text: query.text + tagFields, variables: { ...query.variables, after: page.after ?? null } };
}

function aliased(name: string, ids: readonly number[], one: (index: number) => string, more = ''): Query {
  const declared = ids.map((_, index) => `$r${index}: ContainerRepositoryID!`).join(', ');
  const variables: JsonObject = Object.fromEntries(
    ids.map((id, index) => [`r${index}`, globalId('ContainerRepository', id)]),
  );
  return {
    operationName: name,
    text: `query ${name}(${declared}${more}) {
  queryComplexity { score limit }
  ${ids.map((_, index) => one(index)).join('\n  ')}
}`,
    variables,
  };
}
